import { takeBest } from "../nets/kernelBuilds.ts"
import { checkFastMath } from "../request.ts"
import { Mistake } from "../run/mistake.ts"
import { benchJets } from "./benchJets.ts"
import { benchMarket } from "./benchMarket.ts"
import { benchFd, benchSolve } from "./benchSolve.ts"
import { PARTS } from "./benchProfile.ts"
import { benchStep } from "./benchStep.ts"
import { benchTrain, TRAIN_PARTS } from "./benchTrain.ts"
import { allowFastMath } from "./fastMath.ts"
import type { Host } from "./host.ts"
import { jsonText } from "./jsonText.ts"
import { textTable } from "./textTable.ts"

/** What can be measured. */
export const BENCHES = {
  jets: "value, derivatives and gradient of a net, in WebAssembly and in machine code, held against the peak of each",
  step: "one training step of the ALIENs loss on 1024 points",
  solve: "time to a residual of 1e-4, 1e-6, 1e-8 for each economy and method",
  market: "steps of the markets: posted prices and call auction, from 100 to 100,000 agents",
  train: "training in the markets, 1,200 agents: agent-steps a second and where the time goes",
  fd: "the reference method on three grids for each economy",
} as const

/** `walras bench`: how fast this machine is at one thing. Nothing else should run beside it. */
export async function benchCommand(name: string, { json, fastMath = false, profile = false }: { json?: boolean; fastMath?: boolean; profile?: boolean }, host: Host): Promise<number> {
  if (fastMath) allowFastMath()
  checkFastMath(fastMath)
  takeBest(fastMath)
  if (name === "step") {
    const result = await benchStep(host.now, profile)
    const rows = Object.entries(result.points_per_second).flatMap(([precision, by]) =>
      Object.entries(by).map(([threads, rate]) => [precision, result.kernels, Number(threads), Math.round(rate / 1000)]))
    host.out.write(json ? jsonText(result) + "\n" : lines(["precision", "kernels", "threads", "1000 points/s"], rows))
    if (!json && result.profile) host.out.write("\n" + lines(["precision", "part of a step", "microseconds", "share"],
      Object.entries(result.profile).flatMap(([precision, { microseconds, share }]) => PARTS.map(part => [precision, part, microseconds[part], share[part]]))))
    return 0
  }
  if (name === "jets") {
    const rows = await benchJets(host.now, fastMath)
    const header = ["precision", "kernels", "threads", "derivatives", "1000 points/s", "GFLOP/s", "peak", "share"]
    host.out.write(json ? jsonText(rows, 2) + "\n" : lines(header, rows.map(row => [
      row.precision, row.kernels, row.threads, row.derivatives, Math.round(row.points_per_second / 1000), row.gflops, row.peak_gflops, row.share,
    ])))
    return 0
  }
  if (name === "solve") {
    const rows = benchSolve(host.now, fastMath)
    host.out.write(json ? jsonText(rows, 2) + "\n" : lines(["economy", "method", "residual", "seconds"], rows.map(row => [row.economy, row.method, row.residual.toExponential(1), row.seconds.toFixed(2)])))
    return 0
  }
  if (name === "fd") {
    const rows = benchFd(host.now)
    host.out.write(json ? jsonText(rows, 2) + "\n" : lines(["economy", "points", "steps", "seconds"], rows.map(row => [row.economy, Array(row.states).fill(row.points).join("x"), row.steps, row.seconds.toFixed(3)])))
    return 0
  }
  if (name === "market") {
    const result = benchMarket(host.now)
    host.out.write(json ? jsonText(result, 2) + "\n" : lines(["mechanism", "agents", "million agent-steps/s"], Object.entries(result.agent_steps_per_second).flatMap(([mechanism, by]) =>
      Object.entries(by).map(([agents, rate]) => [mechanism, Number(agents), rate / 1e6]))))
    return 0
  }
  if (name === "train") {
    const { agent_steps_per_second: rates, share, ...rest } = benchTrain(host.now)
    host.out.write(json ? jsonText({ ...rest, agent_steps_per_second: rates, share }, 2) + "\n" : lines(["learner", "1000 agent-steps/s", ...TRAIN_PARTS.map(part => `${part}, %`)],
      (Object.keys(rates) as (keyof typeof rates)[]).map(learner => [learner, rates[learner] / 1000, ...TRAIN_PARTS.map(part => Math.round(1000 * share[learner][part]) / 10)])))
    return 0
  }
  throw new Mistake(`got the benchmark \`${name}\`; expected one of ${Object.keys(BENCHES).map(known => `\`${known}\``).join(", ")}`)
}

function lines(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return textTable(header, rows, 3).join("\n") + "\n"
}
