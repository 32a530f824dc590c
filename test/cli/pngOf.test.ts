import { expect, test } from "vitest"
import { pngOf } from "../../src/cli/pngOf.ts"

const svg = (text: string) => `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40" font-family="serif"><text x="5" y="25">${text}</text></svg>`
const italic = (letter: string) => `<tspan font-style="italic">${letter}</tspan>`

test("a PNG of twice the size, the same each time", () => {
  const png = pngOf(svg("share of wealth"))
  expect([...png.subarray(1, 4)]).toEqual([..."PNG"].map(c => c.charCodeAt(0)))
  const size = new DataView(png.buffer, png.byteOffset)
  expect([size.getUint32(16), size.getUint32(20)]).toEqual([400, 80])
  expect(pngOf(svg("share of wealth"))).toEqual(png)
  expect(pngOf(svg("")).length).toBeLessThan(png.length)
})

test("symbols stay italic and words upright in one line, whatever letters a font lacks", () => {
  for (const rest of [" = 0.26", " experts\u2019 share", " \u03b6 share"]) {
    expect(pngOf(svg(italic("z") + rest))).not.toEqual(pngOf(svg("z" + rest)))
    expect(pngOf(svg("z" + italic(rest)))).not.toEqual(pngOf(svg("z" + rest)))
  }
})
