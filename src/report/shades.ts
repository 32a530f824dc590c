import { axisOf, CONSTANT, linearAxis, logAxis, positionOn, ZERO, type Axis } from "./axis.ts"
import { svgOf, widthOf } from "./markup.ts"

/** Colours that stand for values: bands between levels, darker for larger values, so that they are read in grey too. */
export interface Shades {
  /** From the smallest value to the largest that is told apart. */
  readonly axis: Axis
  /** Where bands meet, increasing. */
  readonly levels: readonly number[]
  /** One more than levels. */
  readonly colours: readonly string[]
  /** Whether values lie beyond the ends of the axis; they have the colour of the end. */
  readonly beyond: { readonly below: boolean; readonly above: boolean }
}

/** Light to dark; the luminance falls evenly. */
const STOPS = ["#fffdea", "#dff0c5", "#aadcbc", "#6cc0bf", "#3f9fbd", "#3079ad", "#2f5494"].map(hex => [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16)))

/** The colour at a share of the scale, from 0 (light) to 1 (dark). */
export function shadeAt(share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (STOPS.length - 1), i = Math.min(Math.floor(place), STOPS.length - 2)
  return "#" + STOPS[i].map((low, k) => Math.round(low + (place - i) * (STOPS[i + 1][k] - low)).toString(16).padStart(2, "0")).join("")
}

/**
 * About ten bands for a variable, from values spread evenly over what is drawn. Positive values that are nearly all small beside
 * the largest get bands of a log scale; a pole of others lies beyond the ends, so that it does not flatten the rest. `all` are
 * the values drawn, ends of the domain included.
 */
export function shadesOf(values: readonly number[], all = values): Shades {
  const finite = values.filter(Number.isFinite).sort((a, b) => a - b), axis = axisOf(finite)
  if (finite.length === 0) return shadesOn(linearAxis(...axis.domain, 4), finite)
  const quantile = (p: number) => finite[Math.round(p * (finite.length - 1))]
  const low = least(all), high = most(all), range = quantile(0.98) - quantile(0.02)
  if (low > 0 && (axis.kind === "log" || quantile(1) > 15 * quantile(0.5))) return logShades(all)
  const from = quantile(0.02) - low > range && range > 0 ? quantile(0.02) - range / 2 : low, to = high - quantile(0.98) > range && range > 0 ? quantile(0.98) + range / 2 : high
  // The axis of a constant is wider than its values, and so are its bands.
  return to - from > Math.max(ZERO, CONSTANT * Math.max(Math.abs(from), Math.abs(to))) ? shadesOn(linearAxis(from, to, 10), all) : shadesOn(linearAxis(...axis.domain, 4), finite)
}

/** Powers of ten below this one are no numbers of float64 with all digits. */
const SMALLEST = 1e-300

/** Bands of decades: of two or more decades each where there are many. */
export function logShades(values: readonly number[], deepest = 16): Shades {
  const axis = logAxis(values, deepest), [low, high] = axis.domain.map(end => Math.round(Math.log10(Math.max(end, SMALLEST))))
  const every = Math.ceil((high - low) / 10), fine = high - low <= 5 ? [1, 2, 5] : [1]
  const ticks: number[] = []
  for (let exponent = low; exponent <= high; exponent += every) for (const lead of fine) if (lead === 1 || exponent < high) ticks.push(lead * 10 ** exponent)
  const isDecade = (tick: number) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-9
  return shadesOn({ ...axis, ticks, text: tick => isDecade(tick) ? axis.text(tick) : "" }, values)
}

function shadesOn(axis: Axis, values: readonly number[]): Shades {
  const [low, high] = axis.domain
  // A level at an end would part nothing, or only rounding.
  const levels = axis.ticks.filter(tick => positionOn(axis, tick) > 1e-3 && positionOn(axis, tick) < 1 - 1e-3)
  const colours = Array.from({ length: levels.length + 1 }, (_, i) => shadeAt(levels.length === 0 ? 0.3 : i / levels.length))
  const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high))
  return { axis, levels, colours, beyond: { below: least(values) < low - slack, above: most(values) > high + slack } }
}

/** A level, lowered by rounding: a plateau at a level lies above it all over. */
export const lowered = ({ axis: { kind, domain: [low, high] } }: Shades, level: number) => kind === "log" ? level * (1 - 1e-7) : level - 1e-7 * (high - low)

/** The band of a value. */
export function bandOf(shades: Shades, value: number): number {
  let band = 0
  while (band < shades.levels.length && value >= lowered(shades, shades.levels[band])) band++
  return band
}

const BAR = 12, GAP = 12

/** Room to the right of the frame that the scale takes. */
export function scaleWidth({ axis, levels }: Shades): number {
  return GAP + BAR + 8 + Math.max(0, ...levels.map(level => widthOf(axis.text(level)) * 11.5))
}

/** The scale as SVG: bands one above the other from the bottom to the top of the frame, their levels beside them. */
export function scaleSvg({ axis, levels, colours, beyond }: Shades, frame: { readonly x: number; readonly top: number; readonly bottom: number }): string {
  const x = frame.x + GAP, height = frame.bottom - frame.top
  const place = (value: number) => frame.bottom - height * Math.min(1, Math.max(0, positionOn(axis, value)))
  const ends = [axis.domain[0], ...levels, axis.domain[1]].map(place)
  const r = (value: number) => String(Math.round(value * 100) / 100)
  const boxes = colours.map((fill, i) => `<path d="M${r(x)},${r(ends[i])}H${r(x + BAR)}V${r(ends[i + 1])}H${r(x)}Z" fill="${fill}"/>`).join("")
  const tips = [beyond.above && `<path d="M${r(x)},${r(frame.top)}h${BAR}l${-BAR / 2},-7z" fill="${colours.at(-1)}" stroke="#222222" stroke-width="0.8"/>`,
    beyond.below && `<path d="M${r(x)},${r(frame.bottom)}h${BAR}l${-BAR / 2},7z" fill="${colours[0]}" stroke="#222222" stroke-width="0.8"/>`]
  const room = 12.5
  let last = Infinity
  const ticks = levels.map(level => {
    const y = place(level), text = axis.text(level)
    const rule = `<path d="M${r(x + BAR)},${r(y)}h3" stroke="#222222" stroke-width="0.8"/>`
    if (text === "" || last - y < room) return rule
    last = y
    return `${rule}<text x="${r(x + BAR + 6)}" y="${r(y + 4)}" text-anchor="start" font-size="11.5">${svgOf(text)}</text>`
  })
  return `<g aria-label="scale">${boxes}<path d="M${r(x)},${r(frame.top)}h${BAR}V${r(frame.bottom)}h${-BAR}Z" fill="none" stroke="#222222" stroke-width="0.8"/>${tips.filter(Boolean).join("")}${ticks.join("")}</g>`
}

const least = (values: readonly number[]) => values.reduce((a, b) => b < a && b > -Infinity ? b : a, Infinity)
const most = (values: readonly number[]) => values.reduce((a, b) => b > a && b < Infinity ? b : a, -Infinity)
