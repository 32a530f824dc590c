import type { AnyEconomy, DiscreteEconomy, Economy } from "../model/economy.ts"
import { basakCuoco1998 } from "./basakCuoco1998.ts"
import { brunnermeierSannikov2014Log } from "./brunnermeierSannikov2014Log.ts"
import { brunnermeierSannikov2016 } from "./brunnermeierSannikov2016.ts"
import { brunnermeierSannikov2016Ez } from "./brunnermeierSannikov2016Ez.ts"
import { diTella2017 } from "./diTella2017.ts"
import { gopalakrishna2021 } from "./gopalakrishna2021.ts"
import { gopalakrishna2021Aliens } from "./gopalakrishna2021Aliens.ts"
import { heKrishnamurthy2013 } from "./heKrishnamurthy2013.ts"
import { lucasTree } from "./lucasTree.ts"
import { lucasTreeGrowth } from "./lucasTreeGrowth.ts"
import { mehraPrescott1985 } from "./mehraPrescott1985.ts"
import { merton1971 } from "./merton1971.ts"

const continuous = [brunnermeierSannikov2016, brunnermeierSannikov2016Ez, brunnermeierSannikov2014Log, heKrishnamurthy2013, gopalakrishna2021, gopalakrishna2021Aliens, diTella2017, merton1971, basakCuoco1998] as const
const discrete = [lucasTree, lucasTreeGrowth, mehraPrescott1985] as const

/** The economies that come with walras, by name: the one list that tests, command line and reports read. The type of each entry knows its kind. */
export const catalogue = byName([...continuous, ...discrete])

/** Those in continuous time, and those in discrete time. */
export const continuousTime: Readonly<Record<string, Economy>> = byName(continuous)
export const discreteTime: Readonly<Record<string, DiscreteEconomy>> = byName(discrete)

/** The economy of that name, if there is one. */
export const economyNamed = (name: string): AnyEconomy | undefined => [...continuous, ...discrete].find(economy => economy.name === name)

function byName<const List extends readonly AnyEconomy[]>(list: List): { readonly [E in List[number] as E["name"]]: E } {
  return Object.fromEntries(list.map(economy => [economy.name, economy])) as { readonly [E in List[number] as E["name"]]: E }
}
