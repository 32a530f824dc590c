import type { MarketDeclaration } from "../market/declaration.ts"
import { lucasAuction } from "./lucasAuction.ts"
import { lucasPosted } from "./lucasPosted.ts"

/** The markets that come with walras, by name: the one list that tests, command line and reports read. */
export const MARKETS: Readonly<Record<string, MarketDeclaration>> = Object.fromEntries([lucasAuction, lucasPosted].map(market => [market.name, market]))
