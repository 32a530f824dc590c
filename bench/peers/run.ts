// walras beside PyTorch: npm run bench:peers [-- [--solve] [--json]]
// Without --solve the training step that BENCHMARKS.md describes; with it a whole economy, which takes PyTorch many minutes.

import { compareSolutions } from "./solve.ts"
import { compareSteps } from "./step.ts"

const unknown = process.argv.slice(2).find(arg => arg !== "--solve" && arg !== "--json")
if (unknown !== undefined) {
  console.error(`unknown argument \`${unknown}\`; expected \`--solve\`, \`--json\` or nothing`)
  process.exitCode = 2
} else {
  const json = process.argv.includes("--json")
  console.log(process.argv.includes("--solve") ? compareSolutions(json) : compareSteps(json))
}
