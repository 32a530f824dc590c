import { readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { DrawingDocument } from "../report/drawingDocument.ts"
import type { Figure } from "../report/input.ts"
import { writeAtomic } from "./writeAtomic.ts"

// What draws is large and is loaded only where something is drawn.

/** Texts by the names of their files, made of figures. */
export type Pages = Readonly<Record<string, (drawn: readonly Figure[]) => string>>

/** Writes `figures/*` and pages, among them `report.html`, into a folder. The path of that page. */
export async function writeReport(place: string, figures: (document: DrawingDocument) => readonly Figure[], pages: Pages & { readonly "report.html": Pages[string] }): Promise<string> {
  const drawn = await withDocument(figures)
  await writeFigures(join(place, "figures"), drawn)
  for (const [name, text] of Object.entries(pages)) writeAtomic(join(place, name), text(drawn))
  return join(place, "report.html")
}

/** Lends a document to draw on. */
async function withDocument<T>(work: (document: DrawingDocument) => T): Promise<T> {
  const { Window } = await import("happy-dom")
  const window = new Window()
  try {
    return work(window.document as unknown as DrawingDocument)
  } finally {
    await window.happyDOM.close()
  }
}

/** Replaces the figures of a folder by these, each as SVG and as PNG. */
async function writeFigures(folder: string, figures: readonly Figure[]): Promise<void> {
  const { pngOf } = await import("./pngOf.ts")
  const kept = new Set<string>()
  for (const { name, svg } of figures) {
    for (const [file, content] of [[`${name}.svg`, svg], [`${name}.png`, pngOf(svg)]] as const) {
      writeAtomic(join(folder, file), content)
      kept.add(file)
    }
  }
  for (const file of readdirSync(folder)) if (/\.(svg|png)$/.test(file) && !kept.has(file)) rmSync(join(folder, file))
}
