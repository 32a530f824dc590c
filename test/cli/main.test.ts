import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { stringify } from "smol-toml"
import { beforeAll, describe, expect, test } from "vitest"
import { main } from "../../src/cli/main.ts"
import { catalogue } from "../../src/economies/index.ts"
import { fakeHost } from "./fixtures/fakeHost.ts"
import { scratch } from "./fixtures/scratch.ts"

const place = scratch()
const BENCHMARK = "brunnermeier-sannikov-2016"
const QUICK = ["merton-1971", "--method", "fd", "--set", "points=60"]

async function walras(...argv: string[]) {
  const host = fakeHost()
  const status = await main(argv, host)
  return { status, out: host.stdout(), err: host.stderr() }
}

function file(name: string, content: string | Uint8Array): string {
  const path = join(place, name)
  writeFileSync(path, content)
  return path
}

/** A model of the catalogue as TOML, with a change. */
function toml(name: string, change: (text: string) => string = text => text): string {
  const text = stringify({ name: "mine", ...catalogue["merton-1971"].declaration })
  return file(name, change(text))
}

describe("wrong input ends with status 2, one message and nothing on stdout", () => {
  const solve = (...more: string[]) => ["solve", BENCHMARK, ...more]
  test.each<[string[], RegExp]>([
    [["solve", "no-such-economy"], /unknown economy `no-such-economy`/],
    [["solve", "brunnermeier-sanikov-2016"], /did you mean `brunnermeier-sannikov-2016`\?/],
    [["solve", "__proto__"], /unknown economy/],
    [solve("--method", "magic"), /`magic`/],
    [solve("--set", "sigma=-1"), /`sigma` is `-1`; expected a number above 0/],
    [solve("--set", "sigma=NaN"), /sigma/],
    [solve("--set", "kappa=abc"), /kappa/],
    [solve("--set", "nosuch=1"), /nosuch/],
    [solve("--set", "sigma"), /sigma/],
    [solve("--calibration", "nope"), /no calibration `nope`/],
    [solve("--at", "z=2"), /`2` is outside the domain; expected z from 0.001 to 0.999/],
    [solve("--at", "w=0.1"), /no state `w`/],
    [solve("--at", "z=abc"), /`abc` is not a finite number/],
    [solve("--at", "z=0x1"), /`0x1` is not a finite number/],
    [solve("--at", "z=1e999"), /not a finite number/],
    [solve("--at", "z="), /`` is not a finite number/],
    [solve("--at", "z=0.1", "--of", "nosuch"), /no variable `nosuch`/],
    [solve("--at", "z=0.1", "--of", "J_e^z"), /no variable/],
    [solve("--of", ","), /names no variable/],
    [solve("--seed", "-1"), /--seed is `-1`/],
    [solve("--seed", "1.5"), /--seed is `1.5`/],
    [solve("--out", "/dev/null"), /a file is in the way/],
    [solve("--out", "/dev/null/x"), /cannot be written/],
    [solve("--out", join(place, "full")), /is not empty and holds no run/],
    [solve("--bogus"), /unknown option '--bogus'/],
    [solve("--sed", "3"), /did you mean .*--seed/is],
    [solve("extra"), /too many arguments/],
    [["bogus"], /unknown command 'bogus'/],
    [["slove"], /did you mean solve/i],
    [["train", "x"], /unknown market `x`/],
    [["solve"], /missing required argument 'economy'/],
    [[], /Usage: walras/],
    [["resume", "/nonexistent"], /no run folder/],
    [["report", "/nonexistent"], /no run folder/],
    [["compare", BENCHMARK], /--methods/],
    [["compare", BENCHMARK, "--methods", "fd"], /at least two different methods/],
    [["compare", BENCHMARK, "--methods", "fd,fd"], /at least two different methods/],
    [["compare", BENCHMARK, "--methods", "fd,exact"], /no closed form/],
    [["solve", file("syntax.toml", 'name = "x"\n[parameters\n')], /line 2, column \d+.*\n {2}\[parameters\n +\^/],
    [["solve", file("long.toml", "x = " + "1".repeat(5000) + " y\n")], /line 1/],
    [["solve", file("empty.toml", "")], /5 mistakes/],
    [["solve", file("binary.toml", new Uint8Array([0, 1, 2]))], /not text/],
    [["solve", file("latin.toml", new Uint8Array([0x23, 0xe9, 0x0a]))], /not text/],
    [["solve", file("key.toml", 'nmae = "x"\n')], /unknown key `nmae`/],
    [["solve", join(place, "absent.toml")], /there is no file/],
    [["solve", place], /is a folder/],
    [["solve", "/dev/zero"], /not a plain file/],
    [["solve", toml("nan.toml", text => text.replace(/value = [\d.]+/, "value = nan"))], /nan/i],
    [["solve", toml("misspelt.toml", text => text.replaceAll("drift(", "drfit("))], /drfit/],
  ])("%j", async (argv, message) => {
    mkdirSync(join(place, "full", "something"), { recursive: true })
    const { status, out, err } = await walras(...argv)
    expect(err).toMatch(message)
    expect(status).toBe(2)
    expect(out).toBe("")
    expect(err.length).toBeLessThan(3000)
    expect(err).not.toMatch(/^ +at |node:internal/m)
  })
})

test("a fault of walras itself ends with status 1, and shows its stack only where asked to", async () => {
  const broken = { ...fakeHost(), out: { write: () => { throw new Error("no paper") } } }
  expect(await main(["list"], broken)).toBe(1)
  expect(broken.stderr()).toMatch(/no paper/)
  expect(broken.stderr()).not.toMatch(/^ +at /m)
  const asked = { ...fakeHost(), out: broken.out, env: { WALRAS_DEBUG: "1" } }
  await main(["list"], asked)
  expect(asked.stderr()).toMatch(/^ +at /m)
})

test("help and version are no mistakes", async () => {
  expect(await walras("--version")).toMatchObject({ status: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string })
  const { status, out } = await walras("--help")
  expect(status).toBe(0)
  for (const command of ["list", "show", "solve", "compare", "report", "resume", "start", "study", "bench"]) expect(out).toContain(`  ${command}`)
  expect(out).not.toContain("  studio")
})

test("list names every economy and method, 80 columns wide", async () => {
  const { out } = await walras("list")
  for (const name of [...Object.keys(catalogue), "fd", "q-learning"]) expect(out).toContain(`  ${name} `)
  for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80)
  const { economies } = JSON.parse((await walras("list", "--json")).out) as { economies: { name: string }[] }
  expect(economies.map(({ name }) => name)).toEqual(Object.keys(catalogue))
})

test("show tells equations in symbols, parameters, calibrations and sources", async () => {
  const { out } = await walras("show", BENCHMARK)
  for (const part of ["[goods market]", "σ_R = σ/(", "≥ 0", "lambda_d, λ_d", "thesis", "z_star", "Handbook"]) expect(out).toContain(part)
  expect(JSON.parse((await walras("show", BENCHMARK, "--json")).out)).toMatchObject({ name: BENCHMARK, unknowns: { q: { kind: "price" } } })
})

describe("economies in discrete time", () => {
  test("show tells their equations, with the numbers that the source has wrong", async () => {
    const { out } = await walras("show", "lucas-tree")
    for (const part of ["[Euler equation (2.6)]", "u'(c)·p = β·E[", "V(s', y')", "quantecon", "0.845", "0.85152", "1/beta", "howard"]) expect(out).toContain(part)
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(82)
    expect((await walras("show", "mehra-prescott-1985")).out).toContain("λ = 1 + μ + δ, to states 1, 2, ... with probability φ, 1 - φ")
    expect(JSON.parse((await walras("show", "lucas-tree", "--json")).out)).toMatchObject({ name: "lucas-tree", kind: "discrete", state: { name: "y" } })
  })

  test("compare says whether methods agree to their bounds, in text and as JSON", async () => {
    const ask = ["compare", "mehra-prescott-1985", "--methods", "exact,euler,howard,value,q-learning", "--quiet"]
    const { status, out } = await walras(...ask)
    expect(status).toBe(0)
    expect(out).toMatch(/price_bound +[\d.e-]+ +[\d.e-]+ +[\d.e-]+ +[\d.e-]+ +[\d.e-]+ *\n/)
    expect(out).toMatch(/price_bound +bound on the error of the price/)
    expect(out.match(/ within /g)).toHaveLength(12)
    const { agreements } = JSON.parse((await walras(...ask, "--json")).out) as { agreements: { within: boolean; largest: number }[] }
    expect(agreements).toHaveLength(12)
    for (const { within, largest } of agreements) expect([within, largest <= 1]).toEqual([true, true])
  })

  test("a run folder holds tables of prices and of the policy, a report, and is read back as it was", async () => {
    const out = join(place, "tree")
    expect((await walras("compare", "lucas-tree", "--methods", "value,q-learning", "--calibration", "endowment", "--set", "value.holdings=5", "--out", out, "--quiet")).status).toBe(0)
    expect(readFileSync(join(out, "value/tables/policy.csv"), "utf8")).toMatch(/^holding,y,next,value\n0\.9,/)
    const page = readFileSync(join(out, "report.html"), "utf8")
    for (const part of ["Euler equation (2.6)", "Benveniste-Scheinkman", "figure-policy-value", "figure-bounds", "figure-convergence-q-learning"]) expect(page).toContain(part)
    expect((await walras("report", out)).status).toBe(0)
    expect(readFileSync(join(out, "report.html"), "utf8")).toBe(page)
    const { status, err } = await walras("resume", join(out, "value"))
    expect([status, err]).toEqual([0, expect.stringContaining("is finished")])
  })

  test.each<[string[], RegExp]>([
    [["solve", "lucas-tree", "--method", "fd"], /`fd` is for economies in continuous time/],
    [["solve", "lucas-tree", "--set", "beta=1"], /`beta` is `1`; expected a number above 0 and below 1/],
    [["solve", "lucas-tree-growth", "--set", "mu=-0.1"], /the price is infinite/],
    [["solve", "mehra-prescott-1985", "--at", "lambda=1"], /`1` is no state of the chain; expected one of 0\.982, 1\.054/],
    [["solve", "lucas-tree", "--at", "y=9"], /`9` is outside the domain; expected y from/],
    [["solve", "lucas-tree", "--at", "y=0.1", "--of", "pp"], /no variable `pp`; did you mean `p`/],
  ])("%j ends with status 2", async (argv, message) => {
    expect(await walras(...argv)).toMatchObject({ status: 2, out: "", err: expect.stringMatching(message) as string })
  })
})

describe("solve", () => {
  test("--json prints one object with what the contract names", async () => {
    const { status, out, err } = await walras("solve", ...QUICK, "--seed", "4", "--at", "w=1,2", "--json", "--quiet")
    const answer = JSON.parse(out) as Record<string, unknown>
    expect(status).toBe(0)
    expect(err).toBe("")
    expect(answer).toMatchObject({ economy: "merton-1971", method: "fd", calibration: "default", seed: 4, outcome: "converged", converged: true })
    for (const name of ["residual", "tolerance", "seconds"]) expect(answer[name]).toEqual(expect.any(Number))
    expect(Object.keys(answer.facts as object)).toEqual(expect.arrayContaining(["portfolio_share", "consumption_rate"]))
    expect((answer.at as { w: number }[]).map(row => row.w)).toEqual([1, 2])
  })

  test("a table of the points asked for, and only of the variables asked for", async () => {
    const { out } = await walras("solve", ...QUICK, "--at", "w=1,2", "--of", "c_w")
    expect(out).toMatch(/\n\n +w +c_w\n +1 +[\d.]+\n +2 +[\d.]+\n/)
  })

  test("a run that does not converge ends with status 3, names the worst equation, and leaves a folder that can be read", async () => {
    const out = join(place, "short")
    const { status, out: said } = await walras("solve", ...QUICK, "--set", "maxSteps=2", "--out", out)
    expect(status).toBe(3)
    expect(said).toMatch(/step limit/)
    expect(said).toMatch(/worst equation \[.+\]: .+ at w = /)
    expect((await walras("report", out)).status).toBe(0)
    const again = await walras("resume", out)
    expect(again.status).toBe(3)
    expect(again.err).toMatch(/is finished/)
  })

  test("a TOML file is the same model, and the folder does not need it any more", async () => {
    const path = toml("mine.toml"), out = join(place, "mine")
    const ask = ["--method", "fd", "--set", "points=60", "--at", "w=1", "--json"]
    const mine = await walras("solve", path, ...ask, "--out", out)
    const theirs = await walras("solve", "merton-1971", ...ask)
    const [a, b] = [mine, theirs].map(({ out }) => JSON.parse(out) as { at: unknown; facts: unknown })
    expect(a.at).toEqual(b.at)
    expect(a.facts).toEqual(b.facts)
    rmSync(path)
    expect((await walras("report", out)).status).toBe(0)
    expect((await walras("resume", out)).status).toBe(0)
  })
})

describe("an economy with two states", () => {
  const ask = ["solve", "di-tella-2017", "--set", "points=16,12", "--quiet"]

  test("answers at the product of the points, is kept, and is drawn again", async () => {
    const out = join(place, "two-states")
    const { status, out: text } = await walras(...ask, "--at", "x=0.1,0.2", "--at", "nu=0.25,0.3", "--of", "p,Q_nu", "--json", "--out", out)
    expect(status).toBe(0)
    const { at, settings } = JSON.parse(text) as { at: { x: number; nu: number; p: number; Q_nu: number }[]; settings: { points: string } }
    expect(at.map(({ x, nu }) => [x, nu])).toEqual([[0.1, 0.25], [0.1, 0.3], [0.2, 0.25], [0.2, 0.3]])
    expect(at.every(({ p, Q_nu }) => p > 6 && p < 7 && Q_nu > 0)).toBe(true)
    expect(settings.points).toBe("16,12")
    expect((await walras("report", out)).status).toBe(0)
  })

  test.each<[string[], RegExp]>([
    [["--at", "x=0.1"], /--at says nothing of `nu`/], [["--at", "x=0.1", "--at", "nu=2"], /`2` is outside the domain; expected nu from 0.01 to 1/],
    [["--set", "points=16,12,9"], /expected a whole number at least 10/], [["--set", "points=16,12,10"], /one for each of the states x, nu/],
  ])("%j is a mistake", async (more, message) => {
    const { status, out, err } = await walras(...ask, ...more)
    expect([status, out]).toEqual([2, ""])
    expect(err).toMatch(message)
  })
})

describe("a run folder", () => {
  const out = join(place, "run")
  beforeAll(async () => { expect((await walras("solve", ...QUICK, "--seed", "9", "--out", out)).status).toBe(0) })
  const read = (name: string) => readFileSync(join(out, name), "utf8")

  test("holds what the contract names", () => {
    for (const name of ["config.toml", "manifest.json", "rows.jsonl", "solution.json", "tables/solution.csv", "report.html", "checkpoints"])
      expect(existsSync(join(out, name)), name).toBe(true)
    const figures = readdirSync(join(out, "figures"))
    expect(figures.filter(name => name.endsWith(".svg")).length).toBeGreaterThan(0)
    expect(figures.filter(name => name.endsWith(".png")).length).toBe(figures.length / 2)
    expect(JSON.parse(read("manifest.json"))).toMatchObject({ seed: 9, node: process.versions.node, resumed: [], finished: expect.any(String) as string })
    expect(read("config.toml")).toMatch(/economy = "merton-1971"[^]*seed = 9[^]*points/)
    expect(read("rows.jsonl").trim().split("\n").map(line => (JSON.parse(line) as { step: number }).step)[0]).toBe(1)
  })

  test("two runs of one request are the same but for the times", async () => {
    const [solution, table] = [read("solution.json"), read("tables/solution.csv")]
    const { err, status } = await walras("solve", ...QUICK, "--seed", "9", "--out", out)
    expect(status).toBe(0)
    expect(err).toMatch(/finished; it is made anew/)
    const timeless = (text: string) => text.replace(/"seconds": [\d.]+/, "")
    expect(timeless(read("solution.json"))).toBe(timeless(solution))
    expect(read("tables/solution.csv")).toBe(table)
  })

  test("is not taken for another request", async () => {
    const { status, err } = await walras("solve", ...QUICK, "--seed", "8", "--out", out)
    expect(status).toBe(2)
    expect(err).toMatch(/holds another run/)
  })

  test("report draws the same page from the folder alone", async () => {
    const page = read("report.html")
    rmSync(join(out, "report.html"))
    rmSync(join(out, "figures"), { recursive: true })
    const { status, out: said } = await walras("report", out)
    expect(status).toBe(0)
    expect(said.trim()).toBe(join(out, "report.html"))
    expect(read("report.html")).toBe(page)
  })

  test("resume of a finished run says so", async () => {
    const { status, err, out: said } = await walras("resume", out, "--json")
    expect(status).toBe(0)
    expect(err).toMatch(/is finished/)
    expect(JSON.parse(said)).toMatchObject({ economy: "merton-1971", seed: 9, converged: true })
  })

  test("without a checkpoint resume starts at the beginning; a broken one is skipped with a note", async () => {
    const before = read("tables/solution.csv")
    rmSync(join(out, "solution.json"))
    rmSync(join(out, "checkpoints"), { recursive: true })
    mkdirSync(join(out, "checkpoints"))
    writeFileSync(join(out, "checkpoints", "step-3.safetensors"), "broken")
    const { status, err } = await walras("resume", out, "--quiet")
    expect(status).toBe(0)
    expect(err).toMatch(/checkpoint of step 3 skipped[^]*starting at the beginning/)
    expect(read("tables/solution.csv")).toBe(before)
  })
})

describe("compare", () => {
  const ask = ["compare", "merton-1971", "--methods", "exact,fd", "--set", "fd.points=60", "--at", "w=1"]

  test("--json holds a summary for each method and the differences to the first", async () => {
    const { status, out } = await walras(...ask, "--of", "c_w", "--json")
    const answer = JSON.parse(out) as { methods: { method: string; at: unknown[] }[]; differences: { variable: string; methods: string[]; largest: number; mean: number; at: object }[] }
    expect(status).toBe(0)
    expect(answer.methods.map(({ method }) => method)).toEqual(["exact", "fd"])
    expect(answer.methods.every(({ at }) => at.length === 1)).toBe(true)
    expect(answer.differences).toMatchObject([{ variable: "c_w", methods: ["exact", "fd"], largest: expect.any(Number) as number, mean: expect.any(Number) as number, at: { w: expect.any(Number) as number } }])
  })

  test("--out keeps a run folder for each method and one report; report draws it again", async () => {
    const out = join(place, "both")
    const { status, out: said } = await walras(...ask, "--out", out)
    expect(status).toBe(0)
    expect(said).toMatch(/relative difference/)
    for (const name of ["exact/solution.json", "fd/solution.json", "report.html", "comparison.json"]) expect(existsSync(join(out, name)), name).toBe(true)
    expect((await walras("report", out)).out.trim()).toBe(join(out, "report.html"))
    expect((await walras("report", join(out, "exact"), join(out, "fd"))).out.trim()).toBe(join(out, "exact", "comparison", "report.html"))
    expect((await walras("report", join(out, "fd"), join(place, "mine"))).status).toBe(2)
  })
})
