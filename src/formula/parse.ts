import type { Ast, BinaryOp, CompareOp, Fault, Span, Statement } from "./syntax.ts"
import type { Token } from "./tokens.ts"
import { tokenize } from "./tokens.ts"

/** Ends the parse of one statement; the mistakes before it are already noted. */
class Stop extends Error {}

/**
 * Parses one expression, which may run over several lines. `ast` is absent when there are faults.
 *
 * Grammar, from loose to tight: `+ -`, `* /`, unary `-`, `^` (to the right); numbers, names, `f(a, b)` and parentheses. A
 * comparison stands only as the first argument of `if(a < b, x, y)`.
 */
export function parseExpression(text: string): { ast?: Ast; faults: Fault[] } {
  return parseAll(text, parser => parser.value())
}

/** The same where a comparison may stand alone. */
export function parseCondition(text: string): { ast?: Ast; faults: Fault[] } {
  return parseAll(text, parser => parser.comparison())
}

function parseAll(text: string, read: (parser: ReturnType<typeof expressionParser>) => Ast): { ast?: Ast; faults: Fault[] } {
  const { tokens, faults } = tokenize(text)
  const parser = expressionParser(text, tokens, faults)
  const ast = attempt(() => {
    const sum = read(parser)
    parser.finish("the end of the expression")
    return sum
  })
  return ast && faults.length === 0 ? { ast, faults } : { faults: inOrder(faults) }
}

/**
 * Parses a program: definitions `name = value`, equations `[label] left = right` and complementarity lines
 * `[label] 0 <= first _|_ second >= 0`, with comments from `#` to the end of the line. A statement goes on over a line
 * break while a parenthesis is open, after an operator, and before a line that begins with one.
 *
 * All mistakes of the text are reported, in order. A statement that could be understood all the same (`2x` as `2*x`) is
 * among the statements; trust these only when there are no faults.
 */
export function parseEquations(text: string): { statements: Statement[]; faults: Fault[] } {
  const { tokens, faults } = tokenize(text)
  const statements = splitStatements(tokens)
    .map((part) => attempt(() => parseStatement(text, part, faults)))
    .filter((statement) => statement !== undefined)
  return { statements, faults: inOrder(faults) }
}

function inOrder(faults: Fault[]): Fault[] {
  return faults.sort((a, b) => a.span.start - b.span.start)
}

function attempt<T>(parse: () => T): T | undefined {
  try {
    return parse()
  } catch (error) {
    if (error instanceof Stop) return undefined
    throw error
  }
}

function isSign(token: Token | undefined, sign: string): boolean {
  return token?.kind === "sign" && token.text === sign
}

const JOINING = new Set(["+", "-", "*", "/", "^", "=", "_|_", "<=", ">=", "<", ">", ","])

/** The tokens of each statement, closed by an end token. */
function splitStatements(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = []
  let part: Token[] = []
  let depth = 0
  let equated = false
  const close = (): void => {
    const last = part.at(-1)
    if (!last) return
    const end = last.span.end
    parts.push([...part, { kind: "end", text: "", span: { start: end, end }, fresh: false }])
    part = []
    depth = 0
    equated = false
  }
  tokens.forEach((token, i) => {
    if (token.kind === "end" || (token.fresh && beginsStatement(token, tokens[i + 1], part.at(-1), depth, equated))) close()
    if (token.kind === "end") return
    if (isSign(token, "(")) depth++
    if (isSign(token, ")")) depth = Math.max(depth - 1, 0)
    if (isSign(token, "=")) equated = true
    part.push(token)
  })
  return parts
}

/** Whether the first token of a line begins a statement. A label, or `name =` where no second `=` can stand, always
 *  does: so an unclosed parenthesis spoils its own statement only. */
function beginsStatement(
  token: Token, next: Token | undefined, last: Token | undefined, depth: number, equated: boolean,
): boolean {
  if (!last || token.kind === "label") return true
  if (last.kind === "label") return false
  const joined = [token, last].some(({ kind, text }) => kind === "sign" && JOINING.has(text))
  if (token.kind === "name" && isSign(next, "=")) return !joined || depth > 0 || equated
  return depth === 0 && !joined
}

const COMPLEMENTARITY = "`[label] 0 <= first _|_ second >= 0`"

function parseStatement(text: string, tokens: readonly Token[], faults: Fault[]): Statement {
  const parser = expressionParser(text, tokens, faults)
  const start = parser.peek().span.start
  const span = (): Span => ({ start, end: parser.end() })

  if (parser.peek().kind !== "label") {
    const name = parser.peek()
    if (name.kind === "name" && isSign(tokens[1], "=")) {
      parser.next()
      parser.next()
      const value = parser.value()
      parser.finish("the end of the statement")
      return { kind: "definition", name: name.text, nameSpan: name.span, value, span: span() }
    }
    if (name.kind === "bad") return parser.expected("a statement")
    const whole = { start, end: tokens.at(-1)?.span.end ?? start }
    const unlabelled = tokens.some((token) => isSign(token, "=") || isSign(token, "_|_"))
    return parser.stop(
      unlabelled
        ? "an equation needs a label: write `[label] left = right` (a definition has a single name on its left)"
        : "expected a definition `name = expression` or an equation `[label] left = right`",
      whole,
    )
  }

  const label = parser.next()
  if (label.text === "") parser.note("a label needs a name between its brackets", label.span)
  const left = parser.sum()
  if (parser.take("=")) {
    const right = parser.value()
    parser.finish("the end of the equation")
    return { kind: "equation", label: label.text, left, right, span: span() }
  }
  if (!isCompareOp(parser.peek().text) && !isSign(parser.peek(), "_|_")) parser.expected("an operator or `=`")
  if (!isZero(left) || !parser.take("<=")) parser.stop(`a complementarity line reads ${COMPLEMENTARITY}`, left.span)
  const first = parser.sum()
  if (!parser.take("_|_")) parser.expected(`\`_|_\`, as in ${COMPLEMENTARITY},`)
  const second = parser.sum()
  if (!parser.take(">=")) parser.expected(`\`>= 0\`, as in ${COMPLEMENTARITY},`)
  const bound = parser.sum()
  if (!isZero(bound)) parser.stop(`a complementarity line reads ${COMPLEMENTARITY}`, bound.span)
  parser.finish("the end of the statement")
  return { kind: "complementarity", label: label.text, first, second, span: span() }
}

function isZero(ast: Ast): boolean {
  return ast.kind === "number" && ast.value === 0
}

function isCompareOp(text: string): text is CompareOp {
  return text === "<" || text === "<=" || text === ">" || text === ">="
}

/** A recursive-descent parser over the tokens of one statement; `faults` collects its mistakes. */
function expressionParser(text: string, tokens: readonly Token[], faults: Fault[]) {
  let at = 0
  const peek = (): Token => tokens[at] as Token
  const next = (): Token => tokens[peek().kind === "end" ? at : at++] as Token
  const take = (sign: string): boolean => isSign(peek(), sign) && at++ >= 0
  /** Where the last token taken ends. */
  const end = (): number => tokens[at - 1]?.span.end ?? 0

  const note = (message: string, span: Span): void => void faults.push({ message, span })
  const stop = (message: string, span: Span): never => {
    note(message, span)
    throw new Stop(message)
  }
  const expected = (what: string): never => {
    const token = peek()
    if (token.kind === "end") return stop(`expected ${what} but found the end`, token.span)
    if (token.kind === "bad" && token.text === "[") {
      return stop("this label is not closed: write `[label]` on one line", token.span)
    }
    if (token.kind === "bad") return stop(`\`${token.text}\` is no part of the language`, token.span)
    return stop(`expected ${what} but found \`${text.slice(token.span.start, token.span.end)}\``, token.span)
  }

  /** An expression where a comparison is a mistake, which is noted. */
  function value(): Ast {
    const ast = comparison()
    if (ast.kind === "compare") note("a comparison may stand only as the first argument of `if(a < b, x, y)`", ast.span)
    return ast
  }

  function comparison(): Ast {
    const left = sum()
    const op = peek().text
    if (peek().kind !== "sign" || !isCompareOp(op)) return left
    next()
    const right = sum()
    return { kind: "compare", op, left, right, span: { start: left.span.start, end: right.span.end } }
  }

  function sum(): Ast {
    let left = product()
    for (;;) {
      const op = take("+") ? "+" : take("-") ? "-" : undefined
      if (!op) return left
      left = binary(op, left, product())
    }
  }

  function product(): Ast {
    let factor = unary()
    let left = factor
    for (;;) {
      const op = take("*") ? "*" : take("/") ? "/" : undefined
      const missing = !op && (peek().kind === "name" || isSign(peek(), "("))
      if (!op && !missing) return left
      const right = unary()
      if (missing) noteMissingProduct(factor.span, right.span)
      left = binary(op ?? "*", left, right)
      factor = right
    }
  }

  function noteMissingProduct(left: Span, right: Span): void {
    const source = (span: Span): string => text.slice(span.start, span.end).replace(/\s+/g, " ")
    const proposal = `${source(left)}*${source(right)}`
    const shown = proposal.length > 40 ? "a*b" : proposal
    note(`multiplication must be written: write \`${shown}\``, { start: left.start, end: right.end })
  }

  function unary(): Ast {
    const { start } = peek().span
    if (take("+")) return unary()
    if (!take("-")) return power()
    const arg = unary()
    return { kind: "negate", arg, span: { start, end: arg.span.end } }
  }

  function power(): Ast {
    const base = primary()
    return take("^") ? binary("^", base, unary()) : base
  }

  function primary(): Ast {
    const token = peek()
    if (token.kind === "number") {
      next()
      return { kind: "number", value: Number(token.text), text: token.text, span: token.span }
    }
    if (token.kind === "name") {
      next()
      return isSign(peek(), "(") ? call(token) : { kind: "name", name: token.text, span: token.span }
    }
    if (!take("(")) return expected("a number, a name or `(`")
    const inner = value()
    closeParenthesis(token)
    return { ...inner, span: { start: token.span.start, end: end() } }
  }

  function call(name: Token): Ast {
    const open = next()
    const args: Ast[] = []
    if (!take(")")) {
      do args.push(name.text === "if" && args.length === 0 ? comparison() : value())
      while (take(","))
      closeParenthesis(open)
    }
    return { kind: "call", name: name.text, args, span: { start: name.span.start, end: end() } }
  }

  function closeParenthesis(open: Token): void {
    if (take(")")) return
    if (peek().kind === "end" || isSign(peek(), "=")) stop("this `(` is never closed", open.span)
    expected("an operator or `)`")
  }

  function finish(what: string): void {
    const token = peek()
    if (token.kind === "end") return
    if (token.kind === "sign" && token.text === ")") stop("this `)` closes no `(`", token.span)
    expected(`an operator or ${what}`)
  }

  return { peek, next, take, end, note, stop, expected, value, comparison, sum, finish }
}

function binary(op: BinaryOp, left: Ast, right: Ast): Ast {
  return { kind: "binary", op, left, right, span: { start: left.span.start, end: right.span.end } }
}
