import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { didYouMean, Mistake, nearest } from "../../src/run/mistake.ts"

const NAMES = ["sigma_k", "sigma_R", "rho_e", "gamma", "mu_z", "q", "psi", "parameters", "Phi"]

describe("nearest", () => {
  test.each<[string, string | undefined]>([
    ["sigma_K", "sigma_k"], ["sigmak", "sigma_k"], ["sigk", "sigma_k"], ["simga_R", "sigma_R"], ["gama", "gamma"], ["gammma", "gamma"], ["gamna", "gamma"], ["rhoe", "rho_e"],
    ["phi", "Phi"], ["paramters", "parameters"], ["muz", "mu_z"], ["qq", "q"],
    ["consumption", undefined], ["", undefined], ["xyz", undefined],
  ])("of `%s` is %s", (given, name) => expect(nearest(given, NAMES)).toBe(name))

  test("a name is nearest to itself, and one typing error away is always found", () => {
    const name = fc.stringMatching(/^[a-z]{4,12}$/)
    const slip = fc.constantFrom<(text: string, at: number) => string>(
      (text, at) => text.slice(0, at) + text.slice(at + 1),
      (text, at) => text.slice(0, at) + "9" + text.slice(at),
      (text, at) => text.slice(0, at) + "9" + text.slice(at + 1),
      (text, at) => text.slice(0, at) + (text[at + 1] ?? "") + text[at] + text.slice(at + 2),
    )
    fc.assert(fc.property(name, slip, fc.nat(20), (text, make, at) => {
      expect(nearest(text, ["0000000", text, "1111111"])).toBe(text)
      expect(nearest(make(text, at % text.length), ["0000000", text, "1111111"])).toBe(text)
    }))
  })

  test("a text far longer than any name is far from all of them, and found to be so at once", () => {
    expect(nearest("x".repeat(1_000_000), NAMES)).toBeUndefined()
  })
})

test("didYouMean ends a sentence", () => {
  expect(`unknown name \`sigk\`${didYouMean("sigk", NAMES)}`).toBe("unknown name `sigk`; did you mean `sigma_k`?")
  expect(`unknown name \`w\`${didYouMean("w", ["alpha"])}`).toBe("unknown name `w`.")
})

test("a Mistake is an Error that can be told from others", () => {
  expect(new Mistake("no")).toBeInstanceOf(Error)
  expect(new Mistake("no")).toMatchObject({ name: "Mistake", message: "no" })
})
