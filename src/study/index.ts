import { Mistake, didYouMean } from "../run/mistake.ts"
import { lucasIdentification } from "./lucasIdentification.ts"
import { lucasReliability } from "./lucasReliability.ts"
import { lucasReplication } from "./lucasReplication.ts"
import { sampling } from "./sampling.ts"
import type { Study } from "./study.ts"

/** The studies, by name: the one list that the command line and tests read. */
export const STUDIES: Readonly<Record<string, Study>> = Object.fromEntries([sampling, lucasReplication, lucasReliability, lucasIdentification].map(study => [study.name, study]))

/** The study of a name. @throws Mistake */
export function studyNamed(name: string): Study {
  if (Object.hasOwn(STUDIES, name)) return STUDIES[name]
  throw new Mistake(`unknown study \`${name}\`${didYouMean(name, Object.keys(STUDIES))} The studies are ${Object.keys(STUDIES).join(", ")}.`)
}
