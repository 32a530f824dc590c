import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { escaped, htmlOf, italic, plain, subscript, superscript, svgOf, textOf } from "../../src/report/markup.ts"
import { decimals, numberText } from "../../src/report/number.ts"
import { symbol } from "../../src/report/symbol.ts"

describe("markup", () => {
  it("sets one string as HTML, as SVG and as text", () => {
    const markup = italic("σ") + subscript(italic("R")) + " < 10" + superscript("−3")
    expect(htmlOf(markup)).toBe("<i>σ</i><sub><i>R</i></sub> &lt; 10<sup>−3</sup>")
    expect(textOf(markup)).toBe("σ_R < 10^−3")
    expect(svgOf(markup)).toBe('<tspan font-style="italic">σ</tspan><tspan font-style="italic" font-size="0.72em" dy="0.278em">R</tspan><tspan dy="-0.200em"> &lt; 10</tspan><tspan font-size="0.72em" dy="-0.500em">−3</tspan>')
  })

  it("comes back to the line after any sequence of shifts", () => {
    const piece = fc.oneof(fc.constant("a"), fc.constant(subscript("b")), fc.constant(superscript("c")))
    fc.assert(fc.property(fc.array(piece), pieces => {
      const tspans = [...svgOf(pieces.join("") + "z").matchAll(/<tspan([^>]*)>/g)].map(([, attributes]) => attributes)
      const total = tspans.reduce((sum, attributes) => sum + Number(/dy="([^"]*)em"/.exec(attributes)?.[1] ?? 0) * Number(/font-size="([^"]*)em"/.exec(attributes)?.[1] ?? 1), 0)
      expect(Math.abs(total)).toBeLessThan(0.01 * (tspans.length + 1))
    }))
  })

  it("lets no character of outside text become markup", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), text => {
      expect(escaped(text)).not.toMatch(/[<>"']/)
      expect(textOf(plain(text))).toBe(plain(text))
    }))
    expect(escaped("<img onerror='x'>\uE000&")).toBe("&lt;img onerror=&#39;x&#39;&gt;&amp;")
  })
})

describe("numbers", () => {
  it.each([[0.2617, "0.2617"], [-0.003, "−0.003"], [1.3e-5, "1.3×10^−5"], [1e-9, "10^−9"], [-1e-9, "−10^−9"], [NaN, "–"], [0, "0"], [-0, "0"], [-Infinity, "−∞"], [2.5e7, "2.5×10^7"]])(
    "%d reads %s", (value, text) => expect(textOf(numberText(value))).toBe(text))

  it("reads back to the digits asked for", () => {
    fc.assert(fc.property(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e200, max: 1e200 }), value => {
      const text = textOf(numberText(value, 6)).replaceAll("−", "-").replace(/(^|\D)10\^/, "$11e").replace("×1e", "e").replace(/^(-?)10\^/, "$11e")
      expect(Number(text)).toBe(Number(value.toPrecision(6)) + 0)
    }))
  })

  it("has no negative zero", () => expect(decimals(-1e-9, 2)).toBe("0.00"))
})

describe("symbols", () => {
  it.each([["sigma_R", "<i>σ</i><sub><i>R</i></sub>"], ["z_star", "<i>z</i><sup>*</sup>"], ["q", "<i>q</i>"], ["z_bar", "<i>z\u0304</i>"], ["vol", "vol"], ["sigma_Je", "<i>σ</i><sub><i>Je</i></sub>"]])(
    "%s", (name, html) => expect(htmlOf(symbol(name))).toBe(html))
})
