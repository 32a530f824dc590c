import type { AnyEconomy } from "../model/economy.ts"
import type { Settings } from "../run/settings.ts"
import type { Table } from "../run/table.ts"
import type { Simulation } from "../simulate/simulation.ts"
import type { Solution } from "../solve/solution.ts"

/** All that a report is made of: plain data, gathered by the caller. */
export interface ReportInput {
  readonly economy: AnyEconomy
  /** Solutions of one problem by different methods; the first is the one that the others are held against. */
  readonly solutions: readonly [Solution, ...Solution[]]
  /** Progress rows by method: `residual` or `loss`, `loss_f`, ..., `change`, `active_from`, ...; columns may be missing. */
  readonly rows: Readonly<Record<string, Table>>
  /** Stationary densities by method (columns: the state, `density`), where there are any. */
  readonly density?: Readonly<Record<string, Table | undefined>>
  /** What paths of the first solution do, where they were followed. */
  readonly simulation?: Simulation
  /** What the settings of the methods mean. */
  readonly methods?: Readonly<Record<string, { readonly is: string; readonly settings: Settings }>>
  readonly made: Made
}

export interface Made {
  readonly version: string
  /** Wall-clock seconds by method. */
  readonly seconds: Readonly<Record<string, number>>
  readonly machine: string
  /** The command that makes the same page; put together from the first solution where it is not given. */
  readonly command?: string
}

/** One picture with what is drawn in it. */
export interface Figure {
  /** Unique in a report, and fit for a file name. */
  readonly name: string
  /** The heading under which it stands, with others of the same; without one where it has none. */
  readonly section?: string
  readonly title: string
  readonly caption: string
  /** Title and caption as HTML fragments, with symbols set. */
  readonly html: { readonly title: string; readonly caption: string }
  /** A picture that stands alone: namespace, size, white ground, every style inline. */
  readonly svg: string
  readonly table: Table
}
