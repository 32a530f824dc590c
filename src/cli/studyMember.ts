import { offerNative } from "../nets/kernelBuilds.ts"
import { STUDIES } from "../study/index.ts"
import { jsonText } from "./jsonText.ts"
import { machineCode } from "./machineCode.ts"

/** What a member of the crew of a study is given to start with. */
export interface StudyOrder {
  readonly study: string
  readonly quick: boolean
}

/** What was found in a cell, as JSON. */
export interface CellFinding { readonly key: string; readonly finding: string; readonly seconds: number }

/** The answer to the key of a cell: its finding, or why there is none. */
export type CellAnswer = CellFinding | { readonly key: string; readonly failure: string }

interface Port {
  postMessage(answer: CellAnswer): void
  on(event: "message", listener: (key: string) => void): unknown
}

/** The life of a member: computes the cells whose keys it is sent, one after the other. */
export function serve(order: StudyOrder, port: Port): void {
  offerNative(machineCode(process.env))
  port.on("message", key => { port.postMessage(computeCell(order, key)) })
}

/** Computes one cell. A failure is an answer too: the one who asked decides what it means for the study. */
export function computeCell({ study, quick }: StudyOrder, key: string): CellAnswer {
  const begun = performance.now()
  try {
    const { cells, compute } = STUDIES[study]
    const finding = jsonText(compute(cells(quick)[key]))
    return { key, finding, seconds: Math.round(performance.now() - begun) / 1000 }
  } catch (error) {
    return { key, failure: error instanceof Error ? error.message : String(error) }
  }
}
