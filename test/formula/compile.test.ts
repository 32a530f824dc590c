import fc from "fast-check"
import { expect, test } from "vitest"
import { compile } from "../../src/formula/compile.ts"
import { derivative } from "../../src/formula/derive.ts"
import type { Graph, Node } from "../../src/formula/graph.ts"
import { graph } from "../../src/formula/graph.ts"
import { interpret } from "../../src/formula/interpret.ts"
import type { Op } from "../../src/formula/ops.ts"
import { isOp, operation, OPS } from "../../src/formula/ops.ts"
import { moderate, read } from "./expressions.ts"

const INPUTS = ["x", "y", "z", "u"]
const OPERATIONS = Object.keys(OPS).filter(isOp)
const COUNTS = [0, 1, 2, 255, 256, 257, 1000]

/** Values that differ at every point, of both signs. */
const valuesOf = (k: number, n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => 2 * Math.sin(1 + 7 * k + 0.37 * i))

type Choice = { op: Op; args: number[] }
const choices: fc.Arbitrary<Choice[]> = fc.array(
  fc.record({ op: fc.constantFrom(...OPERATIONS), args: fc.array(fc.nat(), { minLength: 3, maxLength: 3 }) }), { minLength: 1, maxLength: 40 },
)

/** Nodes each made from earlier ones, so that much is shared. */
function grow(g: Graph, steps: Choice[]): Node[] {
  const nodes = [...INPUTS.map((name) => g.sym(name)), g.num(0.7), g.num(-1.3)]
  for (const { op, args } of steps) {
    nodes.push(g.call(op, args.slice(0, operation(op).arity).map((k) => nodes[k % nodes.length] as Node)))
  }
  return nodes
}

/** Whether a node is computed by the very operations that `interpret` uses; special powers differ in the last digit. */
function isLiteral(node: Node): boolean {
  return node.kind !== "op" || ((node.op !== "^" || node.args[1]?.kind !== "number") && node.args.every(isLiteral))
}

function runAt(nodes: readonly Node[], inputs: readonly (Float64Array | number)[], n: number, kernel = compile(nodes, INPUTS)): Float64Array[] {
  // A guard behind the n values shows any write too far.
  const outputs = nodes.map(() => new Float64Array(n + 1).fill(12345))
  kernel.run(inputs, n, outputs)
  for (const output of outputs) expect(output[n]).toBe(12345)
  return outputs
}

const envAt = (inputs: readonly (Float64Array | number)[], i: number): Record<string, number> =>
  Object.fromEntries(INPUTS.map((name, k) => [name, at(inputs[k] as Float64Array | number, i)]))
const at = (input: Float64Array | number, i: number): number => (typeof input === "number" ? input : (input[i] as number))

test("a kernel computes what interpret does, for any graph, mix of inputs and number of points", () => {
  fc.assert(fc.property(choices, fc.constantFrom(...COUNTS), fc.nat(15), fc.nat(15), (steps, n, first, second) => {
    const nodes = grow(graph(), steps).filter(isLiteral)
    const kernel = compile(nodes, INPUTS)
    // Two mixes in turn: the kernel must notice that the mix has changed.
    for (const mask of [first, second, first]) {
      const inputs = INPUTS.map((_, k) => ((mask >> k) & 1 ? 0.31 * k - 0.45 : valuesOf(k, n)))
      const outputs = runAt(nodes, inputs, n, kernel)
      for (const i of [0, 1, 254, 255, 256, n - 1].filter((i) => i >= 0 && i < n)) {
        const env = envAt(inputs, i)
        nodes.forEach((node, m) => {
          const [got, expected] = [outputs[m]?.[i], interpret(node, env)]
          if (got !== expected) expect(got).toEqual(expected)
        })
      }
    }
  }), { numRuns: 300 })
})

test("the usual use: formulas with all their derivatives", () => {
  fc.assert(fc.property(moderate, moderate, fc.nat(7), (f, h, mask) => {
    const g = graph()
    const formulas = [read(g, f), read(g, h)]
    const first = formulas.flatMap((node) => ["x", "y", "z"].map((symbol) => derivative(g, node, symbol)))
    const nodes = [...formulas, ...first, ...first.map((node) => derivative(g, node, "x"))]
    const inputs = INPUTS.map((_, k) => ((mask >> k) & 1 ? 0.31 * k + 0.2 : valuesOf(k, 300)))
    const outputs = runAt(nodes, inputs, 300)
    for (const i of [0, 137, 299]) {
      nodes.forEach((node, m) => {
        const expected = interpret(node, envAt(inputs, i))
        expect(Math.abs((outputs[m]?.[i] ?? NaN) - expected)).toBeLessThan(1e-9 * (1 + Math.abs(expected)))
      })
    }
  }), { numRuns: 100 })
})

test.each([2, 3, 4, 5, 1.5, 1, 0.5, 0, -0.5, -1, -2, -3, 0.3])("x^%d, the exponent a constant, a parameter or an array", (exponent) => {
  const g = graph()
  const [x, y] = [g.sym("x"), g.sym("y")]
  const n = 300
  const base = Float64Array.from({ length: n }, (_, i) => 0.01 + i / 100)
  const forms: [Node, number | Float64Array][] = [
    [g.pow(x, g.num(exponent)), 0], [g.pow(x, y), exponent], [g.pow(x, y), new Float64Array(n).fill(exponent)],
  ]
  for (const [node, given] of forms) {
    const [output] = runAt([node], [base, given, 0, 0], n)
    base.forEach((value, i) => expect(Math.abs((output?.[i] ?? NaN) / value ** exponent - 1)).toBeLessThan(1e-14))
  }
})

test("constants, inputs and repeated nodes may be outputs", () => {
  const g = graph()
  const nodes = [g.num(3), g.sym("x"), g.sym("y"), g.sym("x")]
  const [three, x, y, again] = runAt(nodes, [Float64Array.of(1, 2), 5, 0, 0], 2).map((output) => [...output.slice(0, 2)])
  expect([three, x, y, again]).toEqual([[3, 3], [1, 2], [5, 5], [1, 2]])
})

test("unknown symbols and wrong shapes are named", () => {
  const g = graph()
  const node = read(g, "x + a*log(b)")
  expect(() => compile([node], ["x"])).toThrow("got formulas that use `a`, `b`, expected only the inputs `x`")
  const kernel = compile([g.sym("x")], ["x"])
  const out = [new Float64Array(3)]
  expect(() => kernel.run([], 1, out)).toThrow("got 0 inputs, expected 1: x")
  expect(() => kernel.run([new Float64Array(2)], 3, out)).toThrow("got 2 values of `x`")
  expect(() => kernel.run([1], 4, out)).toThrow("got an output array of 3")
  expect(() => kernel.run([1], 3, [])).toThrow("got 0 output arrays, expected 1")
})
