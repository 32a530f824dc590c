const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

/** Bytes of base64 text, padded as the standard says. */
export function decodeBase64(text: string): Uint8Array {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  for (let from = 0, to = 0; from < text.length; from += 4) {
    let word = 0
    for (let k = 0; k < 4; k++) word = (word << 6) | Math.max(alphabet.indexOf(text[from + k]), 0)
    for (let shift = 16; shift >= 0; shift -= 8) if (to < bytes.length) bytes[to++] = (word >> shift) & 255
  }
  return bytes
}
