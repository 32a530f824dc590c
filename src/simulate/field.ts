import { interpolate } from "../math/interpolate.ts"
import { rowsOf, type Regions } from "./regions.ts"

/**
 * Functions of the states, known at the nodes of a grid, made ready to be looked up at any point: linear between nodes and
 * one-sided at breaks. Each region is a tensor grid of its own: nodes xi in [0, 1] between its two ends along the marched
 * state, times the rows; the ends move with the rows, so that a break that bends is not smeared. Plain data.
 */
export interface Field {
  readonly channels: number
  readonly marched: number
  /** The domain, by state. */
  readonly from: Float64Array
  readonly to: Float64Array
  /** Nodes of the states other than the marched one, in order. */
  readonly others: readonly Float64Array[]
  readonly breaks: readonly Float64Array[]
  /** By region: its nodes xi from 0 to 1. */
  readonly nodes: readonly Float64Array[]
  /** By region: `[(row * nodes + node) * channels + channel]`. */
  readonly data: readonly Float64Array[]
}

/** The field of columns over the nodes of a grid (last state fastest). `byRegion` are channels that are constant in a region of a row. */
export function fieldOf(states: readonly Float64Array[], regions: Regions, columns: readonly Float64Array[], byRegion: readonly (readonly ArrayLike<number>[])[] = []): Field {
  const { marched, breaks, rows } = regions
  const along = states[marched], last = along.length - 1
  const { starts, stride } = rowsOf(states.map(x => x.length), marched)
  const ends = (region: number, row: number): [number, number] => [region > 0 ? breaks[region - 1][row] : along[0], region < breaks.length ? breaks[region][row] : along[last]]
  const channels = columns.length + byRegion.length
  const nodes: Float64Array[] = [], data: Float64Array[] = []
  for (let region = 0; region <= breaks.length; region++) {
    const xi = regionNodes(along, widest(rows, row => ends(region, row)))
    const values = new Float64Array(rows * xi.length * channels)
    for (let row = 0; row < rows; row++) {
      const [low, high] = ends(region, row)
      const inside = nodesInside(along, low, high)
      const own = inside.map(i => along[i])
      const at = Float64Array.from(xi, u => low + u * (high - low))
      for (let c = 0; c < channels; c++) {
        const extra = c - columns.length
        const column = extra >= 0 ? undefined : inside.map(i => columns[c][starts[row] + i * stride])
        for (let k = 0; k < xi.length; k++) values[(row * xi.length + k) * channels + c] = column ? oneSided(own, column, at[k]) : byRegion[extra][region][row]
      }
    }
    nodes.push(xi)
    data.push(values)
  }
  return {
    channels, marched, breaks, nodes, data,
    from: Float64Array.from(states, x => x[0]), to: Float64Array.from(states, x => x[x.length - 1]),
    others: states.filter((_, s) => s !== marched),
  }
}

/** The ends of a region in the row where it is widest. */
function widest(rows: number, ends: (row: number) => [number, number]): [number, number] {
  let best = ends(0)
  for (let row = 1; row < rows; row++) {
    const [low, high] = ends(row)
    if (high - low > best[1] - best[0]) best = [low, high]
  }
  return best
}

/** The nodes of the grid inside a region, and its ends, as parts of its width. */
function regionNodes(along: Float64Array, [low, high]: readonly [number, number]): Float64Array {
  const width = high - low
  if (!(width > 0)) return Float64Array.of(0, 1)
  const inner = Array.from(along, x => (x - low) / width).filter(u => u > LEAST_GAP && u < 1 - LEAST_GAP)
  return Float64Array.from([0, ...inner, 1])
}

/** Nodes nearer to an end of their region than this part of its width are the end. */
const LEAST_GAP = 1e-9

/** Indices of the nodes in a region; where it holds none, the node nearest to it. A node at a break belongs to the region above it. */
function nodesInside(along: Float64Array, low: number, high: number): number[] {
  const last = along[along.length - 1]
  const inside = Array.from(along.keys()).filter(i => along[i] >= low && (along[i] < high || high === last))
  if (inside.length > 0) return inside
  let nearest = 0
  along.forEach((x, i) => { if (Math.abs(x - low) < Math.abs(along[nearest] - low)) nearest = i })
  return [nearest]
}

/** Linear between nodes, the end cells extended; a constant where there is one node. */
function oneSided(nodes: readonly number[], values: readonly number[], x: number): number {
  return nodes.length === 1 ? values[0] : interpolate(nodes, values, x)
}

/** Looks up all channels of a field at points. Owns its buffers: one look-up at a time. */
export interface FieldReader {
  /** Writes the channels at a point (one-sided at breaks) into `out` and returns the region. */
  at(point: ArrayLike<number>, out: Float64Array): number
  /** The same in a region that may lie on the other side of a break: the marched state is moved to its end. */
  inRegion(point: ArrayLike<number>, region: number, out: Float64Array): void
  /** The ends of the region of the last point. */
  readonly ends: Float64Array
  /** How a break leans at the last point: its derivatives by the states other than the marched one, in order. */
  slopes(breakIndex: number, out: Float64Array): void
}

export function fieldReader(field: Field): FieldReader {
  const { marched, from, to, breaks } = field
  const rows = rowFinder(field), { corner, weight } = rows
  const regions = field.nodes.map((nodes, region) => regionReader(nodes, field.data[region], field.channels))
  const ends = new Float64Array(2), count = breaks.length, one = corner.length === 1

  const breakAt = (b: number): number => {
    if (one) return breaks[b][0]
    let sum = 0
    for (let c = 0; c < corner.length; c++) sum += weight[c] * breaks[b][corner[c]]
    return sum
  }
  const setEnds = (region: number): void => {
    ends[0] = region > 0 ? breakAt(region - 1) : from[marched]
    ends[1] = region < count ? breakAt(region) : to[marched]
  }
  const read = (z: number, region: number, out: Float64Array): void => {
    const width = ends[1] - ends[0]
    const xi = width > 0 ? Math.min(1, Math.max(0, (z - ends[0]) / width)) : 0
    if (one) regions[region].line(xi, out)
    else regions[region].sum(xi, corner, weight, out)
  }
  return {
    ends,
    at(point, out) {
      rows.place(point)
      const z = point[marched]
      let region = 0
      while (region < count && z > breakAt(region)) region++
      setEnds(region)
      read(z, region, out)
      return region
    },
    inRegion(point, region, out) {
      rows.place(point)
      setEnds(region)
      read(point[marched], region, out)
    },
    slopes: (b, out) => { rows.slopes(breaks[b], out) },
  }
}

/** The rows about a point, 2 for each state but the marched one, and their multilinear weights. */
function rowFinder({ others, marched }: Field) {
  const corner = new Int32Array(1 << others.length), weight = new Float64Array(1 << others.length).fill(1)
  const guides = others.map(guideOf), states = others.map((_, j) => (j < marched ? j : j + 1))
  const part = new Float64Array(others.length), width = new Float64Array(others.length)
  return {
    corner, weight,
    /** The gradient of values given by row: state j is bit j of the number of a corner. */
    slopes(byRow: Float64Array, out: Float64Array): void {
      for (let j = 0; j < others.length; j++) {
        let sum = 0
        for (let c = 0; c < corner.length; c++) {
          let share = (c >> j) & 1 ? 1 : -1
          for (let i = 0; i < others.length; i++) if (i !== j) share *= (c >> i) & 1 ? part[i] : 1 - part[i]
          sum += share * byRow[corner[c]]
        }
        out[j] = sum / width[j]
      }
    },
    place(point: ArrayLike<number>): void {
      let made = 1
      for (let j = 0; j < others.length; j++) {
        if (j === 0) { corner[0] = 0; weight[0] = 1 }
        const axis = others[j], x = point[states[j]], i = cellBy(guides[j], axis, x)
        width[j] = axis[i + 1] - axis[i]
        const t = part[j] = Math.min(1, Math.max(0, (x - axis[i]) / width[j]))
        for (let c = 0; c < made; c++) {
          const row = corner[c] * axis.length + i, share = weight[c]
          corner[c] = row
          weight[c] = share * (1 - t)
          corner[c + made] = row + 1
          weight[c + made] = share * t
        }
        made *= 2
      }
    },
  }
}

/** Interpolates in one region at a place xi: on its only row, or between several. */
function regionReader(nodes: Float64Array, values: Float64Array, channels: number) {
  const guide = guideOf(nodes)
  return {
    line(xi: number, out: Float64Array): void {
      const k = cellBy(guide, nodes, xi), t = (xi - nodes[k]) / (nodes[k + 1] - nodes[k])
      for (let m = 0, at = k * channels; m < channels; m++, at++) out[m] = values[at] + t * (values[at + channels] - values[at])
    },
    sum(xi: number, corner: Int32Array, weight: Float64Array, out: Float64Array): void {
      const k = cellBy(guide, nodes, xi), t = (xi - nodes[k]) / (nodes[k + 1] - nodes[k])
      for (let m = 0; m < channels; m++) out[m] = 0
      for (let c = 0; c < corner.length; c++) {
        const low = weight[c] * (1 - t), high = weight[c] * t
        for (let m = 0, at = (corner[c] * nodes.length + k) * channels; m < channels; m++, at++) out[m] += low * values[at] + high * values[at + channels]
      }
    },
  }
}

/** For each of many even parts of an axis, the cell in which it begins: a look-up then takes one or two steps. */
interface Guide { readonly first: number; readonly scale: number; readonly cells: Int32Array }

export function guideOf(nodes: Float64Array): Guide {
  const n = nodes.length, parts = 4 * n
  const scale = parts / (nodes[n - 1] - nodes[0])
  const cells = new Int32Array(parts + 1)
  for (let p = 0, i = 0; p <= parts; p++) {
    while (i < n - 2 && nodes[i + 1] <= nodes[0] + p / scale) i++
    cells[p] = i
  }
  return { first: nodes[0], scale, cells }
}

/** The cell i with nodes[i] <= x < nodes[i+1]; the first or last cell outside. */
export function cellBy({ first, scale, cells }: Guide, nodes: Float64Array, x: number): number {
  const part = Math.floor((x - first) * scale)
  let i = cells[part < 0 ? 0 : part >= cells.length ? cells.length - 1 : part]
  while (i < nodes.length - 2 && nodes[i + 1] <= x) i++
  while (i > 0 && nodes[i] > x) i--
  return i
}
