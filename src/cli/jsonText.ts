/** JSON in which typed arrays are lists and numbers that JSON lacks (NaN, infinities) are null. */
export function jsonText(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_key, item: unknown) => (ArrayBuffer.isView(item) ? Array.from(item as Float64Array) : item), indent)
}
