import type { Row } from "../run/run.ts"
import { durationText, type Line, type Tick } from "./progress.ts"
import { shortNumber } from "./textTable.ts"

/** The progress line of a training of so many episodes: where prices are, how far from theory, how fast, how long still. */
export function trainLine(episodes: number): Line {
  return (title, ticks, width = Infinity) => {
    const { step, row } = ticks[ticks.length - 1]
    const speed = speedOf(ticks)
    const end = speed === undefined ? "" : `, ${durationText((episodes - step) * speed.seconds)} left`
    const number = (name: string, digits = 3): string | undefined => (typeof row[name] === "number" ? shortNumber(row[name], digits) : undefined)
    const parts = [
      pair("price", number("price", 4), number("spread")), pair("bond", number("bond", 4), number("bond_spread")), said("trade rate", number("trade_rate")),
      said("Euler gap", number("euler_gap")), said("loss", number("loss")), speed && `, ${shortNumber(speed.agentSteps / 1e6)}M agent-steps/s`,
    ]
    let line = `${title}: episode ${step} of ${episodes}`
    for (const part of parts) {
      if (part === undefined) continue
      if (line.length + part.length + end.length > width) break
      line += part
    }
    return (line + end).slice(0, Math.max(0, width))
  }
}

const said = (name: string, value: string | undefined): string | undefined => (value === undefined ? undefined : `, ${name} ${value}`)
const pair = (name: string, value: string | undefined, spread: string | undefined): string | undefined => (value === undefined ? undefined : `, ${name} ${value}${spread === undefined ? "" : ` (spread ${spread})`}`)

/** Seconds an episode and agent-steps a second over the last ticks; undefined before there are two. */
function speedOf(ticks: readonly Tick[]): { seconds: number; agentSteps: number } | undefined {
  const [first, last] = [ticks[0], ticks[ticks.length - 1]]
  const seconds = (last.at - first.at) / 1000
  if (!(seconds > 0) || last.step === first.step) return undefined
  const steps = ({ row }: { row: Row }): number => (typeof row.agent_steps === "number" ? row.agent_steps : 0)
  return { seconds: seconds / (last.step - first.step), agentSteps: (steps(last) - steps(first)) / seconds }
}
