import { catalogue } from "../economies/index.ts"
import { METHODS } from "../solve/index.ts"
import type { Host } from "./host.ts"
import { jsonText } from "./jsonText.ts"
import { paint } from "./paint.ts"
import { wrappedPairs } from "./textTable.ts"

/** `walras list`: what there is, each with its sentence. */
export function listCommand({ json }: { json?: boolean }, host: Host): number {
  const economies = Object.values(catalogue).map(({ name, declaration }) => ({
    name, is: declaration.is, source: declaration.source, calibrations: Object.keys(declaration.calibrations ?? {}),
  }))
  const methods = Object.values(METHODS).map(({ name, is }) => ({ name, is }))
  if (json) {
    host.out.write(jsonText({ economies, methods }, 2) + "\n")
    return 0
  }
  const { strong } = paint(host.out, host.env)
  const pairs = (items: readonly { name: string; is: string }[]) => wrappedPairs(items.map(({ name, is }) => [name, is] as const), "  ")
  host.out.write([strong("economies"), ...pairs(economies), "", strong("methods"), ...pairs(methods), ""].join("\n"))
  return 0
}
