/** Says in one sentence why bytes are no safetensors file that can be read here, or why tensors cannot be written. */
export class SafetensorsError extends Error {
  constructor(message: string) {
    super(message)
    this.name = "SafetensorsError"
  }
}

export interface HeaderEntry {
  readonly name: string
  readonly kind: string
  readonly shape: readonly number[]
  /** The range of bytes in the data. */
  readonly from: number
  readonly to: number
}

/** Names that mean something to every JavaScript object. */
const forbidden: ReadonlySet<string> = new Set(["__proto__", "constructor", "prototype"])

/** All but strings, which are scanned by hand: a pattern for them could exhaust the stack on a hostile header. */
const token = /[{}[\]:,]|0(?!\d)|[1-9]\d{0,15}(?!\d)/y
const blank = /[ \t\n\r]*/y

/**
 * Reads the JSON header of a safetensors file. A parser of its own, because `JSON.parse` lets the last of two equal names win
 * silently. Takes one pass; throws a SafetensorsError.
 */
export function parseHeader(text: string): { entries: HeaderEntry[]; metadata: Record<string, string> } {
  const read = reader(text)
  const entries: HeaderEntry[] = []
  const metadata: Record<string, string> = {}
  read.object((name) => {
    if (name !== "__metadata__") entries.push(readEntry(read, name))
    else read.object((key) => { metadata[key] = read.string() })
  })
  read.end()
  return { entries, metadata }
}

function readEntry(read: Reader, name: string): HeaderEntry {
  let kind: string | undefined
  let shape: readonly number[] | undefined
  let range: readonly number[] | undefined
  read.object((key) => {
    if (key === "dtype") kind = read.string()
    else if (key === "shape") shape = read.numbers()
    else if (key === "data_offsets") range = read.numbers()
    else throw new SafetensorsError(`tensor \`${name}\` has an unknown field \`${key}\``)
  })
  if (kind === undefined || shape === undefined || range?.length !== 2)
    throw new SafetensorsError(`tensor \`${name}\` lacks one of dtype, shape and two data_offsets`)
  return { name, kind, shape, from: range[0], to: range[1] }
}

interface Reader {
  /** An object of distinct names; the callback reads the value of each. */
  object(value: (name: string) => void): void
  string(): string
  /** An array of whole numbers. */
  numbers(): readonly number[]
  end(): void
}

/** The string literal, quotes included, that starts at `at`; undefined where it does not end. */
function quoted(text: string, at: number): string | undefined {
  for (let end = at + 1; end < text.length; end++) {
    if (text[end] === '"') return text.slice(at, end + 1)
    if (text[end] === "\\") end++
  }
  return undefined
}

function reader(text: string): Reader {
  let at = 0
  const skip = () => {
    blank.lastIndex = at
    blank.test(text)
    at = blank.lastIndex
  }
  const wrong = (expected: string) => new SafetensorsError(`the header is not as it should be at byte ${at}: expected ${expected}`)
  const next = (expected: string, accept: (found: string) => boolean): string => {
    skip()
    token.lastIndex = at
    const found = text[at] === '"' ? quoted(text, at) : token.exec(text)?.[0]
    if (found === undefined || !accept(found)) throw wrong(expected)
    at += found.length
    return found
  }
  const mark = (...marks: string[]) => next(marks.map((m) => `\`${m}\``).join(" or "), (found) => marks.includes(found))
  const string = (): string => {
    const literal = next("a string", (found) => found.startsWith('"'))
    try {
      return JSON.parse(literal) as string
    } catch {
      throw wrong("a string with valid escapes before it")
    }
  }
  const list = (open: string, close: string, item: () => void): void => {
    mark(open)
    skip()
    if (text[at] === close) {
      mark(close)
      return
    }
    do item()
    while (mark(",", close) === ",")
  }
  return {
    string,
    object(value) {
      const seen = new Set<string>()
      list("{", "}", () => {
        const name = string()
        if (forbidden.has(name)) throw new SafetensorsError(`the name \`${name}\` is not allowed`)
        if (seen.has(name)) throw new SafetensorsError(`the name \`${name}\` stands twice`)
        seen.add(name)
        mark(":")
        value(name)
      })
    },
    numbers() {
      const numbers: number[] = []
      list("[", "]", () => { numbers.push(Number(next("a whole number", (found) => /^\d/.test(found)))) })
      return numbers
    },
    end() {
      skip()
      if (at < text.length) throw wrong("the end")
    },
  }
}
