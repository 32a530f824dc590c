import { STOP_SIGNALS, type Host, type StopSignal } from "./host.ts"

/** Whether the user asked for an end. The first signal lets the current step finish; the second ends the process at once. */
export interface StopRequest {
  readonly signal: StopSignal | undefined
  release(): void
}

/** Listens until released. Signals arrive between steps, since a step does not give way. */
export function stopRequest(host: Host): StopRequest {
  let signal: StopSignal | undefined
  const release = host.onSignal(name => {
    if (signal) host.exit(STOP_SIGNALS[name])
    signal = name
  })
  return { get signal() { return signal }, release }
}
