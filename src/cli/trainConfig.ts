import { join } from "node:path"
import { stringify } from "smol-toml"
import { z } from "zod"
import { Mistake } from "../run/mistake.ts"
import { trainRequestOf, type TrainRequest } from "../trainRequest.ts"
import { readText, tomlOf } from "./economySource.ts"

const VALUES = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]))
const CONFIG = z.strictObject({ market: z.string(), learner: z.string(), seed: z.number(), rules: VALUES, settings: VALUES, training: VALUES })

/** Everything needed to train again, as the text of `config.toml`. Equal requests give equal texts. */
export function trainConfigText({ market, learner, seed, rules, settings, training }: TrainRequest): string {
  const sorted = <T>(record: Readonly<Record<string, T>>) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
  return "# Everything needed to train again. `walras resume` and `walras report` read it.\n"
    + stringify({ market: market.name, learner: learner.name, seed, rules: sorted(rules), settings: sorted(settings), training: sorted(training) })
}

/** Whether a run folder holds a training; else a solution. */
export function isTraining(folder: string): boolean {
  const path = join(folder, "config.toml")
  return Object.hasOwn(tomlOf(readText(path), path), "market")
}

/** The request of the run folder of a training. Throws a `Mistake` where its `config.toml` does not describe one. */
export function trainRequestOfFolder(folder: string): TrainRequest {
  const path = join(folder, "config.toml")
  const config = CONFIG.safeParse(tomlOf(readText(path), path))
  if (!config.success) throw new Mistake(`\`${path}\` does not describe a training:\n${z.prettifyError(config.error)}`)
  const { market, learner, seed, rules, settings, training } = config.data
  const set = [rules, settings, training].flatMap(values => Object.entries(values).map(([name, value]) => `${name}=${value}`))
  return trainRequestOf(market, { learner, seed, set })
}
