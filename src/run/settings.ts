import { Mistake, didYouMean } from "./mistake.ts"

/** One setting of a method: its default, its words and its bounds. Type, flag, report row and check all come from here. */
export type Setting =
  | { readonly value: number; readonly is: string } & Bounds
  | { readonly value: boolean; readonly is: string }
  | { readonly value: string; readonly is: string; readonly among?: readonly string[]; readonly numbers?: Bounds }

/** `numbers` of a text: one number or several with commas between, each inside these bounds; or the default, as it stands. */
interface Bounds { readonly above?: number; readonly least?: number; readonly most?: number; readonly whole?: boolean }

export type Settings = Readonly<Record<string, Setting>>
export type SettingValue = number | string | boolean

/** The values of a table of settings, with the types of their defaults. */
export type Values<S extends Settings> = {
  readonly [K in keyof S]: S[K]["value"] extends number ? number : S[K]["value"] extends boolean ? boolean : string
}

/** Defaults replaced by what was given (numbers, booleans, or their text). Throws a `Mistake` at the first that does not fit. */
export function settingValues<S extends Settings>(owner: string, settings: S, given: Readonly<Record<string, SettingValue>> = {}): Values<S> {
  const values: Record<string, SettingValue> = {}
  for (const name of Object.keys(settings)) values[name] = settings[name].value
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(settings, name))
      throw new Mistake(`${owner}: unknown setting \`${name}\`${didYouMean(name, Object.keys(settings))} The settings are ${Object.keys(settings).join(", ")}.`)
    values[name] = settingValue(`${owner}: \`${name}\``, settings[name], given[name])
  }
  return values as Values<S>
}

function settingValue(what: string, setting: Setting, given: SettingValue): SettingValue {
  if (typeof setting.value === "number") return numberWithin(what, setting.is, setting as Bounds, given)
  if (typeof setting.value === "boolean") {
    if (given === true || given === "true" || given === "on") return true
    if (given === false || given === "false" || given === "off") return false
    throw new Mistake(`${what} is \`${given}\`; expected true or false (${setting.is})`)
  }
  const { among, numbers } = setting as Extract<Setting, { value: string }>
  if (among && !among.includes(String(given)))
    throw new Mistake(`${what} is \`${given}\`; expected one of ${among.join(", ")} (${setting.is})`)
  if (numbers && given !== setting.value) return String(given).split(",").map(part => numberWithin(what, setting.is, numbers, typeof given === "boolean" ? given : part)).join(",")
  return String(given)
}

function numberWithin(what: string, is: string, { above, least, most, whole }: Bounds, given: SettingValue): number {
  const number = typeof given === "number" ? given : typeof given === "string" && given.trim() !== "" ? Number(given) : NaN
  const fits = Number.isFinite(number) && (above === undefined || number > above) && (least === undefined || number >= least)
    && (most === undefined || number <= most) && (!whole || Number.isInteger(number))
  if (fits) return number
  const bounds = [above !== undefined && `above ${above}`, least !== undefined && `at least ${least}`, most !== undefined && `at most ${most}`].filter(Boolean)
  throw new Mistake(`${what} is \`${given}\`; expected a ${whole ? "whole " : ""}number${bounds.length ? " " + bounds.join(" and ") : ""} (${is})`)
}
