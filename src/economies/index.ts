import type { Economy } from "../model/economy.ts"
import { basakCuoco1998 } from "./basakCuoco1998.ts"
import { brunnermeierSannikov2014Log } from "./brunnermeierSannikov2014Log.ts"
import { brunnermeierSannikov2016 } from "./brunnermeierSannikov2016.ts"
import { brunnermeierSannikov2016Ez } from "./brunnermeierSannikov2016Ez.ts"
import { diTella2017 } from "./diTella2017.ts"
import { gopalakrishna2021 } from "./gopalakrishna2021.ts"
import { heKrishnamurthy2013 } from "./heKrishnamurthy2013.ts"
import { merton1971 } from "./merton1971.ts"

/** The economies that come with walras, by name: the one list that tests, command line and reports read. */
export const catalogue: Readonly<Record<string, Economy>> = Object.fromEntries(
  [brunnermeierSannikov2016, brunnermeierSannikov2016Ez, brunnermeierSannikov2014Log, heKrishnamurthy2013, gopalakrishna2021, diTella2017, merton1971, basakCuoco1998].map(economy => [economy.name, economy]))
