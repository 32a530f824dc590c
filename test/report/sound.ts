import { Window } from "happy-dom"
import { expect } from "vitest"
import type { Figure } from "../../src/report/input.ts"

const window = new Window()
const parsed = (svg: string) => new window.DOMParser().parseFromString(svg, "image/svg+xml")

const TAG = /<(\/?)([A-Za-z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g

/** Every tag that is opened is closed, in order: a check of its own, stricter than a forgiving parser. */
function isBalanced(svg: string): boolean {
  const open: string[] = []
  for (const [, close, name, , self] of svg.matchAll(TAG)) {
    if (close) { if (open.pop() !== name) return false }
    else if (!self) open.push(name)
  }
  return open.length === 0 && !/[<>]/.test(svg.replaceAll(TAG, ""))
}

/** Figures that are well formed, have axes, each its own name, and no trace of what is not there. */
export function expectSound(drawn: readonly Figure[]): void {
  expect(new Set(drawn.map(({ name }) => name)).size).toBe(drawn.length)
  for (const { svg, caption, title, html } of drawn) {
    expect(isBalanced(svg)).toBe(true)
    expect(parsed(svg).documentElement.nodeName).toBe("svg")
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/)
    expect(svg).toContain('aria-label="x axis"')
    expect(svg).toContain('aria-label="y axis"')
    for (const text of [svg, caption, title, html.caption, html.title]) expect(text).not.toMatch(/NaN|undefined|null|Infinity|[\uE000-\uE003]|class=|var\(|url\(/)
  }
}
