import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { Resvg } from "@resvg/resvg-js"

/** Pixels for each unit of the drawing: 1000 pixels for the width of a figure. */
const ZOOM = 2

/**
 * A figure as PNG. Its letters are KaTeX's and never the machine's, so that every machine, one without fonts included, draws the
 * same picture.
 */
export function pngOf(svg: string): Uint8Array {
  // KaTeX's italics do not call themselves italic, so they are asked for by family.
  const inFonts = svg.replaceAll(/font-family="[^"]*"/g, `font-family="${UPRIGHT}"`).replaceAll('font-style="italic"', `font-family="${ITALIC}"`)
    .replaceAll("</text>", MIXED + "</text>")
  const font = { fontFiles: FONT_FILES, loadSystemFonts: false, defaultFontFamily: UPRIGHT }
  return new Resvg(inFonts, { font, fitTo: { mode: "zoom", value: ZOOM } }).render().asPng()
}

const UPRIGHT = "KaTeX_Main"
const ITALIC = "KaTeX_Math"
/**
 * Where a font lacks a letter of a line and another has all of them, resvg sets the whole line in that other one, symbols and words
 * alike. No font has both of these, which have no size and no ink.
 */
const MIXED = '<tspan font-size="0.001" fill="none">ζ=</tspan>'
const FOLDER = join(dirname(createRequire(import.meta.url).resolve("katex/package.json")), "dist", "fonts")
const FONT_FILES = ["KaTeX_Main-Regular.ttf", "KaTeX_Math-Italic.ttf", "KaTeX_AMS-Regular.ttf"].map(name => join(FOLDER, name))
