import { createHash } from "node:crypto"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { machineCode } from "../src/cli/machineCode.ts"
import { catalogue } from "../src/economies/index.ts"
import { philox } from "../src/math/random.ts"
import { problem } from "../src/model/compileProblem.ts"
import { offerNative } from "../src/nets/kernelBuilds.ts"
import { solve, type RequestOptions } from "../src/request.ts"
import type { Table } from "../src/run/table.ts"
import { simulate } from "../src/simulate/simulate.ts"
import { train, type TrainOptions } from "../src/trainRequest.ts"

/*
 * Invariant 6 across engines: these constants hold on every version of Node that walras runs on. Where a change is meant to change bits, take
 * the new ones over once they are the same under the oldest and the newest.
 */

/** A fingerprint of numbers, bit by bit; all NaN are one. */
function fingerprint(columns: Readonly<Record<string, ArrayLike<number>>>): string {
  const hash = createHash("sha256")
  for (const [name, column] of Object.entries(columns)) hash.update(`${name} ${column.length}\n`).update(new Uint8Array(Float64Array.from(column, x => (x === x ? x : NaN)).buffer))
  return hash.digest("hex").slice(0, 16)
}
const ofTables = (tables: Readonly<Record<string, Table>>): string => fingerprint(Object.fromEntries(Object.entries(tables).flatMap(([name, { columns }]) => Object.entries(columns).map(([column, x]) => [`${name}.${column}`, x]))))

describe("what engines approximate, and may change", () => {
  // Numbers of all sizes, and of those that occur.
  const random = philox(0, 0), many = Array.from({ length: 4000 }, () => random.next())
  const sample = Float64Array.from([...many.map(u => 2 * u - 1), ...many.map(u => 1500 * u - 750), ...many.map((u, i) => (i % 2 === 0 ? u : -u) * 2 ** ((i % 200) - 100)), ...many.map(u => 1 + (u - 0.5) / 1024)])

  test.each<[keyof Math & ("exp" | "log" | "tanh" | "sin" | "cos" | "acos" | "expm1" | "log1p" | "log2" | "log10"), string]>([
    ["exp", "aead5d8c9e5054f7"], ["log", "fb3f644a541a730d"], ["tanh", "ef80a64c817926af"], ["sin", "cbcc9b37cabf9cc4"], ["cos", "ed16caf71f7bfc6b"], ["acos", "e97aed62f029b4ca"], ["expm1", "1f1a8a9a7fa984cc"], ["log1p", "d7f5093c0f633a3b"], ["log2", "4de20e3ec34cdbc3"], ["log10", "8e0632d1e281e945"],
  ])("Math.%s", (name, bits) => expect(fingerprint({ [name]: sample.map(x => Math[name](x)) })).toBe(bits))

  test("Math.hypot", () => expect(fingerprint({ hypot: sample.map((x, i) => Math.hypot(x, sample[sample.length - 1 - i], many[i % 4000])) })).toBe("f29e6c050eb1eecb"))
  test("squares are products, powers of two exact: the only use that src makes of `**`", () => {
    expect(sample.filter(x => x ** 2 !== x * x)).toHaveLength(0)
    for (let k = -1074, exact = Number.MIN_VALUE; k <= 1023; k++, exact *= 2) expect(2 ** k).toBe(exact)
  })
})

const native = machineCode({})

// Where this machine has none in machine code, WebAssembly stands alone.
describe.each(["WebAssembly", ...(native ? ["machine code"] : [])])("by kernels in %s", kind => {
  beforeAll(() => { offerNative(kind === "WebAssembly" ? undefined : native) })
  afterAll(() => { offerNative(undefined) })

  describe("solutions", () => {
    test.each<[keyof typeof catalogue, RequestOptions, string]>([
      ["brunnermeier-sannikov-2016", { set: ["points=60"] }, "ef55b8ea75ab0318"],
      ["brunnermeier-sannikov-2016-ez", { set: ["psi_u=0.7", "points=60"] }, "edd2f3c8f949f596"],
      ["gopalakrishna-2021", { set: ["points=40,10", "maxSteps=2"] }, "c8cd014144f326ba"],
      ["di-tella-2017", { set: ["points=12,10", "maxSteps=4"] }, "126d46e1a6f359da"],
      ["brunnermeier-sannikov-2016", { method: "aliens", set: ["hidden=6,6", "points=80", "terminal=40", "active=20", "maxSteps=2", "epochs=2", "finishSteps=2", "grid=101"] }, "fac91b9d4bcfc283"],
      ["brunnermeier-sannikov-2016-ez", { method: "aliens", set: ["hidden=6,6", "points=80", "terminal=40", "active=20", "maxSteps=2", "epochs=2", "finishSteps=2", "grid=101", "sampling=rar-d"] }, "54b21c2ac691ae9c"],
      ["brunnermeier-sannikov-2016", { method: "network", set: ["hidden=6,6", "points=60", "active=20", "maxSteps=4", "grid=101"] }, "0ce44e34775a35cf"],
      ["lucas-tree", { method: "exact", set: ["gamma=2.5"] }, "2fb89b13199d2a11"],
      ["lucas-tree", { method: "howard", set: ["gamma=2.5"] }, "d152cda4d2321852"],
      ["lucas-tree", { method: "q-learning", set: ["gamma=2.5", "maxSteps=2"] }, "f8723d90663d4464"],
    ])("%s %j", (name, options, bits) => expect(fingerprint(solve(catalogue[name], options).table.columns)).toBe(bits))
  })

  describe("trainings", () => {
    const short: TrainOptions = { agents: 4, episodes: 2 }
    test.each<[string, TrainOptions, string]>([
      ["lucas-auction", { ...short, set: ["horizon=60", "gamma=2.5"] }, "d2776f9a184c5ff0"],
      ["lucas-posted", { ...short, learner: "dqn", set: ["horizon=60", "replay=prioritised", "priority=0.6", "correction=0.4", "batch=8", "capacity=200"] }, "d260a053b1fd3c49"],
      ["lucas-auction", { ...short, learner: "tabular", set: ["horizon=60"] }, "3f2d591e8868dc4c"],
    ])("%s %j", (market, options, bits) => {
      const { tables, metrics } = train(market, options)
      expect(ofTables({ ...tables, metrics: { length: 1, columns: Object.fromEntries(Object.entries(metrics).map(([name, x]) => [name, Float64Array.of(Number(x))])) } })).toBe(bits)
    })
  })
})

test("paths and densities", () => {
  const economy = catalogue["brunnermeier-sannikov-2016"]
  const { density, path, fan, motion } = simulate(problem(economy), solve(economy, { set: ["points=60"] }), { settings: { years: 20, burn: 5, paths: 20, fanPaths: 20, horizon: 2 } })
  expect(ofTables({ density, path, fan, motion })).toBe("fea808b58de5365e")
})
