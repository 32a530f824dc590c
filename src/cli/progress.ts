import type { Row } from "../run/run.ts"
import type { Host } from "./host.ts"
import { shortNumber } from "./textTable.ts"

/** A step as the progress line sees it: when it ended (milliseconds), its number and its row. */
export interface Tick {
  readonly at: number
  readonly step: number
  readonly row: Row
}

/** A row is shown with the names it has; these say nothing to somebody who waits, or say it twice. */
const HIDDEN = new Set(["step", "outer", "loss", "tolerance", "done", "failed", "rejected", "detail", "active_from", "active_to", "points_epochs"])

/** Steps that the guess of the time left looks back on, at most and at least. */
const WINDOW = 10
const FEWEST = 6
/** A decay is log-linear where a straight line explains this part of the variance of its logarithm ... */
const STRAIGHT = 0.9
/** ... and is trusted to go on for so many times the steps looked back on. */
const REACH = 2

/** The progress line of the newest tick, cut to a width: step, what its row says with the measure first, time left. Parts are dropped from the right, the time left last. */
export function progressLine(title: string, ticks: readonly Tick[], width = Infinity): string {
  const { step, row } = ticks[ticks.length - 1]
  const left = secondsLeft(ticks)
  const end = left === undefined ? "" : `, about ${roughText(left)} left`
  const measure = measureOf(row)
  let line = `${title}: step ${step}`
  for (const part of partsOf(row, measure)) {
    if (line.length + part.length + end.length > width) break
    line += part
  }
  return (line + end).slice(0, Math.max(0, width))
}

/** What a row says, the measure first; its losses together, without their common name. */
function partsOf(row: Row, measure: string): string[] {
  const text = (name: string): string => (typeof row[name] === "number" ? shortNumber(row[name]) : String(row[name]))
  const names = Object.keys(row).filter(name => row[name] !== undefined && name !== measure && !HIDDEN.has(name))
  const losses = names.filter(name => name.startsWith("loss_"))
  const others = names.filter(name => !name.startsWith("loss_")).map(name => `, ${WORDS[name] ?? name} ${text(name)}`)
  const all = losses.length > 0 ? [`, losses${losses.map(name => ` ${name.slice("loss_".length)} ${text(name)}`).join("")}`] : []
  return [...(row[measure] === undefined ? [] : [`, ${measure} ${text(measure)}${goalText(row)}`]), ...all, ...others]
}

const WORDS: Readonly<Record<string, string>> = { time_step: "dt", change_of_step: "in this step", active_points: "points in the band" }

/**
 * Seconds until the decay of `residual` (or `change`) of the last steps, taken as log-linear, meets the tolerance. Undefined where
 * that is no guess to rely on: few steps, a decay that is not log-linear (Newton's method speeds up; a change that is noise stands still),
 * a goal far beyond what was seen, or one already met, when something else keeps the run going.
 */
export function secondsLeft(ticks: readonly Tick[]): number | undefined {
  const recent = ticks.slice(-WINDOW)
  const last = recent[recent.length - 1]
  const { tolerance } = last.row
  const measure = measureOf(last.row)
  const points = recent.map(({ step, row }) => ({ x: step, y: Math.log(row[measure] as number) })).filter(({ y }) => Number.isFinite(y))
  if (points.length < FEWEST || typeof tolerance !== "number" || !(tolerance > 0)) return undefined
  const { slope, straight } = lineThrough(points)
  const steps = (Math.log(tolerance) - points[points.length - 1].y) / slope
  const seen = last.step - recent[0].step
  if (!(slope < 0) || straight < STRAIGHT || !(steps > 0) || steps > REACH * seen) return undefined
  return steps * (last.at - recent[0].at) / 1000 / seen
}

/** What a run holds against its tolerance. */
function measureOf(row: Row): string {
  return "residual" in row ? "residual" : "change"
}

/** The least-squares line, and the part of the variance that it explains. */
function lineThrough(points: readonly { x: number; y: number }[]): { slope: number; straight: number } {
  const mean = (of: (p: { x: number; y: number }) => number) => points.reduce((sum, p) => sum + of(p), 0) / points.length
  const x = mean(p => p.x), y = mean(p => p.y)
  const both = mean(p => (p.x - x) * (p.y - y)), across = mean(p => (p.x - x) ** 2), up = mean(p => (p.y - y) ** 2)
  return { slope: both / across, straight: both ** 2 / (across * up) }
}

function goalText({ tolerance }: Row): string {
  return typeof tolerance === "number" ? ` (to ${shortNumber(tolerance)})` : ""
}

/** `7 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  const s = Math.round(seconds)
  if (s < 60) return `${s} s`
  if (s < 3600) return `${Math.floor(s / 60)} min ${s % 60} s`
  return `${Math.floor(s / 3600)} h ${Math.floor(s / 60) % 60} min`
}

/** A guess, no more exact than it is: `7 s`, `45 s`, `3 min`, `2 h`. */
function roughText(seconds: number): string {
  if (seconds < 20) return `${Math.ceil(seconds)} s`
  if (seconds < 58) return `${5 * Math.round(seconds / 5)} s`
  return seconds < 3570 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`
}

/** Shows how a run goes on: a line rewritten in place on a terminal, a plain line every other second elsewhere. */
export interface Progress {
  watch(step: number, row: Row): void
  /** Takes the live line away. */
  clear(): void
}

const LIVE_EVERY = 100
const PLAIN_EVERY = 2000

/** Words of the newest tick, cut to a width. */
export type Line = (title: string, ticks: readonly Tick[], width?: number) => string

export function progress(title: string, host: Host, quiet: boolean, line: Line = progressLine): Progress {
  if (quiet) return { watch() {}, clear() {} }
  const live = host.err.isTTY === true
  const every = live ? LIVE_EVERY : PLAIN_EVERY
  const ticks: Tick[] = []
  let shown = live ? -Infinity : host.now()
  const rewrite = (line: string) => { host.err.write(`\r\x1b[2K${line}`) }
  if (live) rewrite(`${title}: starting`)
  return {
    watch(step, row) {
      const at = host.now()
      ticks.push({ at, step, row })
      if (ticks.length > WINDOW) ticks.shift()
      if (at - shown < every) return
      shown = at
      if (live) rewrite(line(title, ticks, (host.err.columns ?? 80) - 1))
      else host.err.write(line(title, ticks) + "\n")
    },
    clear() { if (live) rewrite("") },
  }
}
