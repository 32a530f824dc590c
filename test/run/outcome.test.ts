import { expect, test } from "vitest"
import { OUTCOMES, outcomeCode, type Outcome, type OutcomeCode } from "../../src/run/outcome.ts"

test("every sentence has one code, and no other sentence has any", () => {
  for (const code of Object.keys(OUTCOMES) as OutcomeCode[]) expect(outcomeCode(OUTCOMES[code])).toBe(code)
  expect(() => outcomeCode("fine" as Outcome)).toThrow("unknown outcome: fine")
})
