/**
 * The syntax tree of the formula language. Every node knows the characters it was written with, so that a mistake found
 * at any later stage can be shown at its place.
 */

/** Character offsets in the text given; `end` is exclusive. */
export interface Span {
  readonly start: number
  readonly end: number
}

export type BinaryOp = "+" | "-" | "*" | "/" | "^"
export type CompareOp = "<" | "<=" | ">" | ">="

export type Ast =
  | { kind: "number"; value: number; text: string; span: Span }
  | { kind: "name"; name: string; span: Span }
  | { kind: "negate"; arg: Ast; span: Span }
  | { kind: "binary"; op: BinaryOp; left: Ast; right: Ast; span: Span }
  | { kind: "compare"; op: CompareOp; left: Ast; right: Ast; span: Span }
  | { kind: "call"; name: string; args: Ast[]; span: Span }

/** `name = value`, `[label] left = right`, or `[label] 0 <= first _|_ second >= 0`. */
export type Statement =
  | { kind: "definition"; name: string; nameSpan: Span; value: Ast; span: Span }
  | { kind: "equation"; label: string; left: Ast; right: Ast; span: Span }
  | { kind: "complementarity"; label: string; first: Ast; second: Ast; span: Span }

/** A mistake at a place of the text. */
export interface Fault {
  readonly message: string
  readonly span: Span
}

/** The direct parts of an expression, from left to right. */
export function partsOf(ast: Ast): readonly Ast[] {
  switch (ast.kind) {
    case "number":
    case "name":
      return []
    case "negate":
      return [ast.arg]
    case "binary":
    case "compare":
      return [ast.left, ast.right]
    case "call":
      return ast.args
  }
}

function walk(ast: Ast, visit: (ast: Ast) => void): void {
  visit(ast)
  for (const part of partsOf(ast)) walk(part, visit)
}

/** The names an expression refers to, names of functions not among them. */
export function namesIn(ast: Ast): Set<string> {
  const names = new Set<string>()
  walk(ast, (part) => { if (part.kind === "name") names.add(part.name) })
  return names
}

/** The names of the functions an expression calls. */
export function callsIn(ast: Ast): Set<string> {
  const names = new Set<string>()
  walk(ast, (part) => { if (part.kind === "call") names.add(part.name) })
  return names
}

/** The line, counted from 1, on which the character at `offset` stands. */
export function lineOf(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length
}

/**
 * The line of `text` on which the fault begins, trimmed, and under it carets below the fault's span (cut at the end of
 * the line). Both lines begin with `indent`.
 */
export function showFault(text: string, fault: Fault, indent = ""): string {
  const { start, end } = fault.span
  const from = text.lastIndexOf("\n", start - 1) + 1
  const newline = text.indexOf("\n", start)
  const line = text.slice(from, newline < 0 ? text.length : newline).trimEnd()
  const shown = line.trimStart()
  const column = Math.max(start - from - (line.length - shown.length), 0)
  const width = Math.max(Math.min(end - start, shown.length - column), 1)
  return `${indent}${shown.replaceAll("\t", " ")}\n${indent}${" ".repeat(column)}${"^".repeat(width)}`
}
