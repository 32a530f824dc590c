import type { DrawingDocument } from "../report/drawingDocument.ts"
import type { Figure } from "../report/input.ts"
import type { ReadingTable } from "../report/study.ts"

/** What can be written as JSON; NaN stands where JSON has null. */
export type Json = boolean | number | string | readonly Json[] | { readonly [name: string]: Json }
export type JsonObject = { readonly [name: string]: Json }

/** One cell of an experiment with what was found there. */
export interface Done<Cell = JsonObject, Finding = JsonObject> {
  readonly key: string
  readonly cell: Cell
  readonly finding: Finding
  /** Seconds of computing. */
  readonly seconds: number
}

/** What all cells together say. */
export interface Conclusion {
  /** Sentences with numbers in them. */
  readonly findings: readonly string[]
  readonly tables: readonly ReadingTable[]
  /** Numbers with names that stay, for `--json`. */
  readonly facts: Readonly<Record<string, number>>
  figures(document: DrawingDocument): Figure[]
}

/**
 * An experiment as data. Its cells are computed apart from each other, in any order and on any number of threads, with the same bits; what was
 * found goes into files as JSON, so that a study that was interrupted goes on with the cells that are left.
 */
export interface Study<Cell = JsonObject, Finding = JsonObject> {
  readonly name: string
  /** One sentence, for lists. */
  readonly is: string
  /** What it asks, and how it measures the answer. */
  readonly question: string
  /** The cells by their keys, seed after seed, so that a study that is stopped has whole seeds; fewer and smaller ones for `quick`. */
  cells(quick: boolean): Readonly<Record<string, Cell>>
  compute(cell: Cell): Finding
  /** From the cells that are done, in the order of `cells`; at least one is. */
  conclude(done: readonly Done<Cell, Finding>[], quick: boolean): Conclusion
}

/** Declares a study. What it makes has forgotten the types of cells and findings, which travel as JSON. */
export function study<Cell extends JsonObject, Finding extends JsonObject>(declaration: Study<Cell, Finding>): Study {
  return declaration as unknown as Study
}
