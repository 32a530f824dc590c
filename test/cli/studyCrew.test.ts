import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { computeCells, type Hand } from "../../src/cli/studyCrew.ts"
import { doneText, findingOf, readDone } from "../../src/cli/studyFiles.ts"
import type { CellAnswer } from "../../src/cli/studyMember.ts"
import { main } from "../../src/cli/main.ts"
import { study } from "../../src/study/study.ts"
import { fakeHost } from "./fixtures/fakeHost.ts"
import { scratch } from "./fixtures/scratch.ts"

const place = scratch()
const ORDER = { study: "any", quick: true }

/** A thread in the hand: `answer` says what becomes of a key. */
function hired(answer: (key: string, hand: { fail(error: Error): void; exit(status: number): void }) => CellAnswer | undefined) {
  const ended: number[] = []
  let made = 0
  const hire = (): Hand => {
    const number = made++
    const listeners: Record<string, (value: never) => void> = {}
    return {
      postMessage(key) {
        setImmediate(() => {
          const found = answer(key, { fail: error => listeners.error(error as never), exit: status => listeners.exit(status as never) })
          if (found) listeners.message(found as never)
        })
      },
      on(event: string, listener: (value: never) => void) { listeners[event] = listener },
      async terminate() { ended.push(number) },
    }
  }
  return { hire, ended }
}
const fine = (key: string): CellAnswer => ({ key, finding: "{}", seconds: 1 })

describe("the crew of a study", () => {
  test("computes every cell once, on no more threads than there are cells, and ends them all", async () => {
    for (const threads of [1, 2, 5]) {
      const { hire, ended } = hired(fine), told: string[] = []
      await computeCells(ORDER, ["a", "b", "c"], threads, ({ key }) => { told.push(key) }, () => false, hire)
      expect(told.toSorted()).toEqual(["a", "b", "c"])
      expect(ended).toHaveLength(Math.min(3, threads))
    }
  })

  test("a cell that fails, a thread that dies or ends: one error, and no thread is left", async () => {
    const failures = [
      hired(key => key === "b" ? { key, failure: "it is no number" } : fine(key)),
      hired((key, hand) => key === "b" ? (hand.fail(new Error("out of memory")), undefined) : fine(key)),
      hired((key, hand) => key === "b" ? (hand.exit(3), undefined) : fine(key)),
    ]
    for (const { hire, ended } of failures) {
      await expect(computeCells(ORDER, ["a", "b", "c", "d"], 2, () => undefined, () => false, hire)).rejects.toThrow(/no number|out of memory|status 3/)
      expect(ended).toHaveLength(2)
    }
  })

  test("who cannot keep a finding ends the study, and not the process", async () => {
    const { hire, ended } = hired(fine)
    await expect(computeCells(ORDER, ["a", "b"], 1, () => { throw new Error("no space is left") }, () => false, hire)).rejects.toThrow("no space is left")
    expect(ended).toEqual([0])
  })

  test("an end that is asked for comes while a cell is still computed", async () => {
    const { hire, ended } = hired(() => undefined)
    let asked = false
    setTimeout(() => { asked = true }, 20)
    await computeCells(ORDER, ["a"], 1, () => undefined, () => asked, hire)
    expect(ended).toEqual([0])
  })
})

describe("the rows of a study", () => {
  const own = study<{ n: number }, { half: number }>({
    name: "own", is: "", question: "", cells: () => ({ one: { n: 1 }, two: { n: 2 } }), compute: ({ n }) => ({ half: n / 2 }),
    conclude: () => ({ findings: [], tables: [], facts: {}, figures: () => [] }),
  })

  test("come back as they were, NaN too; half a line, strange cells and cells that were others do not count", () => {
    mkdirSync(join(place, "own"))
    writeFileSync(join(place, "own", "rows.jsonl"), doneText({ key: "two", cell: { n: 2 }, seconds: 2, finding: { half: NaN } }) + doneText({ key: "three", cell: {}, seconds: 1, finding: {} }) + doneText({ key: "one", cell: { n: 7 }, seconds: 1, finding: { half: 3.5 } }) + '{"key":"one","sec')
    expect(readDone({ study: own, quick: true }, join(place, "own"))).toEqual([{ key: "two", cell: { n: 2 }, finding: { half: NaN }, seconds: 2 }])
    expect(findingOf('{"a":[null,1]}')).toEqual({ a: [NaN, 1] })
  })
})

describe("walras study", () => {
  test.each([[["study", "samplign"], /unknown study `samplign`.*lucas-reliability/s], [["study", "lucas-reliability", "--threads", "0"], /--threads is `0`/], [["study"], /missing required argument/]])("%j is a mistake", async (argv, message) => {
    const host = fakeHost()
    expect(await main(argv, host)).toBe(2)
    expect(host.stderr()).toMatch(message)
    expect(host.stderr().trim().split("\n").length).toBeLessThanOrEqual(2)
  })

  test("the list has the studies, each with its sentence", async () => {
    const host = fakeHost()
    expect(await main(["list", "--json"], host)).toBe(0)
    const { studies } = JSON.parse(host.stdout()) as { studies: { name: string; is: string }[] }
    expect(studies.map(({ name }) => name)).toContain("lucas-reliability")
  })
})
