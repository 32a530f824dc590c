import { join } from "node:path"
import { stringify } from "smol-toml"
import { z } from "zod"
import { requestOf, type Request } from "../request.ts"
import { Mistake } from "../run/mistake.ts"
import { allowFastMath } from "./fastMath.ts"
import { economyOfFile, economySource, readText, tomlOf } from "./economySource.ts"

const CONFIG = z.strictObject({
  economy: z.string(),
  file: z.string().optional(),
  method: z.string(),
  calibration: z.string(),
  seed: z.number(),
  "fast-math": z.boolean().default(false),
  parameters: z.record(z.string(), z.number()),
  settings: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
})

/** The name of the declaration's copy in a run folder, where the economy came from a file. */
export const ECONOMY_FILE = "economy.toml"

/** Everything needed to run a request again, as the text of `config.toml`. Equal requests give equal texts. */
export function configText(request: Request, fromFile: boolean): string {
  const { economy, method, calibration, seed, fastMath, parameters, settings } = request
  const sorted = <T>(record: Readonly<Record<string, T>>) => Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
  return "# Everything needed to run this again. `walras resume` and `walras report` read it.\n" + stringify({
    economy: economy.name, ...(fromFile ? { file: ECONOMY_FILE } : {}), method: method.name, calibration, seed, ...(fastMath ? { "fast-math": true } : {}),
    parameters: sorted(parameters), settings: sorted(settings),
  })
}

/** The request of a run folder. Throws a `Mistake` where its `config.toml` is absent or does not describe a run. */
export function requestOfFolder(folder: string): Request {
  const path = join(folder, "config.toml")
  const config = CONFIG.safeParse(tomlOf(readText(path), path))
  if (!config.success)
    throw new Mistake(`\`${path}\` does not describe a run:\n${z.prettifyError(config.error)}`)
  const { economy, file, method, calibration, seed, "fast-math": fastMath, parameters, settings } = config.data
  if (fastMath) allowFastMath()
  const source = file === undefined ? economySource(economy) : economyOfFile(join(folder, ECONOMY_FILE), economy)
  const set = [
    ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`),
    ...Object.entries(settings).map(([name, value]) => `${method}.${name}=${value}`),
  ]
  return requestOf(source.economy, { method, calibration, set, seed, fastMath })
}
