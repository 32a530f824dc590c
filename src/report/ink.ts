/** How a curve is drawn: the dash alone tells curves apart in grey. */
export interface Ink {
  readonly colour: string
  readonly dash: string
}

/** Dark enough for paper, and of different darkness; told apart by all common forms of colour vision (after Okabe and Ito). */
export const INKS: readonly Ink[] = [
  { colour: "#111111", dash: "" },
  { colour: "#0067a5", dash: "7 3.5" },
  { colour: "#c24a00", dash: "1.6 2.6" },
  { colour: "#00795a", dash: "9 3 2 3" },
  { colour: "#8a4f9e", dash: "4 2" },
  { colour: "#7a7a7a", dash: "" },
  { colour: "#9a7400", dash: "12 4" },
]

export const inkOf = (index: number) => INKS[index % INKS.length]

/** Dots for every method but the first, which is drawn as a line. */
export const SYMBOLS = ["circle", "plus", "square", "triangle"] as const
export type Symbol = (typeof SYMBOLS)[number]

export const TEXT = "#222222"
export const FAINT = "#8c8c8c"
export const SHADE = "#ececec"
export const FONT = "'Latin Modern Roman', 'STIX Two Text', 'STIX Two Math', Georgia, 'Times New Roman', 'DejaVu Serif', serif"
export const FONT_SIZE = 12.5
