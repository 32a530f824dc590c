import { expect, test } from "vitest"
import { BOARD, BOARD_BYTES, takeShards } from "../../src/cli/crewBoard.ts"

function board(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(BOARD_BYTES))
}

test("takes each shard once, and those that others have taken not at all", () => {
  const words = board(), taken: number[] = []
  takeShards(words, 5, shard => {
    taken.push(shard)
    if (shard === 1) Atomics.add(words, BOARD.next, 2)
  })
  expect(taken).toEqual([0, 1, 4])
  expect(words[BOARD.done]).toBe(3)
})

test("takes none once someone has failed", () => {
  const words = board(), taken: number[] = []
  takeShards(words, 5, shard => {
    taken.push(shard)
    if (shard === 1) words[BOARD.failed] = 1
  })
  expect(taken).toEqual([0, 1])
})
