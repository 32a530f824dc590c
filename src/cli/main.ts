import { CommanderError } from "commander"
import { Mistake } from "../run/mistake.ts"
import { offerNative } from "../nets/kernelBuilds.ts"
import type { Host } from "./host.ts"
import { program } from "./program.ts"

export { nodeHost } from "./host.ts"

/** A message longer than a screen or two is not read. */
const LONGEST_MESSAGE = 2800

/** Runs one command; the exit status. What goes wrong is told on stderr in one message. */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  let status = 0
  try {
    offerNative(host.machineCode())
    await program(host, ended => { status = ended }).parseAsync([...argv], { from: "user" })
    return status
  } catch (error) {
    return tell(error, argv, host)
  }
}

function tell(error: unknown, argv: readonly string[], host: Host): number {
  const say = (text: string) => { host.err.write(`walras: ${text.length > LONGEST_MESSAGE ? text.slice(0, LONGEST_MESSAGE) + " …" : text}\n`) }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return 0
    if (error.code !== "commander.help") say(`${error.message.replace(/^error: /, "")}\n\`walras ${commandOf(argv)}--help\` shows what can be asked for`)
    return 2
  }
  if (error instanceof Mistake) {
    say(error.message)
    return 2
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  say(`a fault of walras itself: ${message}${host.env.WALRAS_DEBUG ? `\n${stack}` : "\nset WALRAS_DEBUG=1 to see where"}`)
  return 1
}

function commandOf([first = ""]: readonly string[]): string {
  return /^(list|show|solve|compare|simulate|train|study|resume|report|start|bench)$/.test(first) ? first + " " : ""
}
