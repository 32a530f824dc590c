import { catalogue } from "../economies/index.ts"
import { LEARNERS } from "../learn/index.ts"
import { MARKETS } from "../markets/index.ts"
import { isDiscrete } from "../model/discrete/economy.ts"
import { DISCRETE_METHODS } from "../solve/discrete/index.ts"
import { METHODS } from "../solve/index.ts"
import { STUDIES } from "../study/index.ts"
import type { Host } from "./host.ts"
import { jsonText } from "./jsonText.ts"
import { paint } from "./paint.ts"
import { wrappedPairs } from "./textTable.ts"

/** `walras list`: what there is, each with its sentence. */
export function listCommand({ json }: { json?: boolean }, host: Host): number {
  const economies = Object.values(catalogue).map(economy => ({
    name: economy.name, time: isDiscrete(economy) ? "discrete" : "continuous", is: economy.declaration.is, source: economy.declaration.source, calibrations: Object.keys(economy.declaration.calibrations ?? {}),
  }))
  const methods = [...Object.values(METHODS).map(({ name, is }) => ({ name, time: "continuous", is })), ...Object.values(DISCRETE_METHODS).map(({ name, is }) => ({ name, time: "discrete", is }))]
  const markets = Object.values(MARKETS).map(({ name, is, source }) => ({ name, is, source })), learners = Object.values(LEARNERS).map(({ name, is }) => ({ name, is })), studies = Object.values(STUDIES).map(({ name, is }) => ({ name, is }))
  if (json) {
    host.out.write(jsonText({ economies, markets, methods, learners, studies }, 2) + "\n")
    return 0
  }
  const { strong } = paint(host.out, host.env)
  const pairs = (items: readonly { name: string; is: string }[]) => wrappedPairs(items.map(({ name, is }) => [name, is] as const), "  ")
  const of = (time: string) => (item: { readonly time: string }) => item.time === time
  host.out.write([
    strong("economies"), ...pairs(economies.filter(of("continuous"))), "", strong("economies in discrete time"), ...pairs(economies.filter(of("discrete"))), "",
    strong("methods"), ...pairs(methods.filter(of("continuous"))), "", strong("methods in discrete time"), ...pairs(methods.filter(of("discrete"))), "",
    strong("markets"), ...pairs(markets), "", strong("learners"), ...pairs(learners), "", strong("studies"), ...pairs(studies), "",
  ].join("\n"))
  return 0
}
