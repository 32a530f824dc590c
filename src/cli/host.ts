import type { NativeModule } from "../nets/nativeKernels.ts"
import { machineCode } from "./machineCode.ts"

/** Everything the commands ask of the machine besides files, so that tests can hold it in their hands. */
export interface Host {
  readonly out: Stream
  readonly err: Stream
  readonly env: Readonly<Record<string, string | undefined>>
  /** Kernels in machine code, where this machine has some. @throws Mistake */
  readonly machineCode: () => NativeModule | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The command as it was given, for the manifest. */
  readonly command: string
  /** Calls `listener` at SIGINT and SIGTERM until the returned function is called. */
  readonly onSignal: (listener: (signal: StopSignal) => void) => () => void
  /** Ends the process at once. */
  readonly exit: (status: number) => void
}

export interface Stream {
  write(text: string): unknown
  readonly isTTY?: boolean
  readonly columns?: number
}

export const STOP_SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const
export type StopSignal = keyof typeof STOP_SIGNALS

/** The process itself. A reader that goes away early (`walras list | head -1`) is no fault: what is left is not printed. */
export function nodeHost(): Host {
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return
      if (stream === process.stdout) process.stderr.write(`walras: the output cannot be written: ${error.message}\n`)
      process.exit(1)
    })
  return {
    out: process.stdout, err: process.stderr, env: process.env, machineCode: () => machineCode(process.env), now: Date.now,
    command: ["walras", ...process.argv.slice(2)].join(" "),
    onSignal(listener) {
      const signals = Object.keys(STOP_SIGNALS) as StopSignal[]
      for (const signal of signals) process.on(signal, listener)
      return () => { for (const signal of signals) process.off(signal, listener) }
    },
    exit: status => process.exit(status),
  }
}
