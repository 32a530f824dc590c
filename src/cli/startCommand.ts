import { join } from "node:path"
import { compareCommand } from "./compareCommand.ts"
import type { Host } from "./host.ts"

/** `walras start`, which `npm start` runs: the benchmark on a grid and by nets, beside each other, with a report. */
export function startCommand({ quiet, threads }: { quiet?: boolean; threads?: string }, host: Host): Promise<number> {
  const out = join("runs", "benchmark")
  return compareCommand("brunnermeier-sannikov-2016", { methods: "fd,aliens", set: [], at: ["z=0.1,0.2,0.5"], of: "q,psi,sigma_R,mu_z,zeta_e,zeta_h,r,J_e,J_h", out, quiet, threads }, host)
}
