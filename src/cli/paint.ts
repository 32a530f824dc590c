import type { Stream } from "./host.ts"

/** Sparing emphasis: marks on a terminal, nothing elsewhere or where NO_COLOR is set. */
export interface Paint {
  strong(text: string): string
  faint(text: string): string
}

export function paint(stream: Stream, env: Readonly<Record<string, string | undefined>>): Paint {
  const on = stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb"
  const mark = (code: number, end: number) => (text: string) => (on && text !== "" ? `\x1b[${code}m${text}\x1b[${end}m` : text)
  return { strong: mark(1, 22), faint: mark(2, 22) }
}
