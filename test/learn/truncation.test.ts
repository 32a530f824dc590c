import { expect, test } from "vitest"
import { train } from "../../src/trainRequest.ts"

/**
 * Agents who do not see the clock and take the horizon T for the end of the world lose the future with chance 1/T a step: a lot is worth
 * d/(1 - beta (1 - 1/T)) and not d/(1 - beta), so that prices fall to (1 - beta)/(1 - beta (1 - 1/T)) of theory: 0.940 at T = 300.
 */
const underpriced = (beta: number, horizon: number): number => (1 - beta) / (1 - beta * (1 - 1 / horizon))

const learned = (horizon: number, episodes: number, truncation: string) =>
  train("lucas-auction", { agents: 40, episodes, seed: 1, set: [`horizon=${horizon}`, "tests=2", `truncation=${truncation}`, "priceLevels=0", "bondLevels=0"] })

test("an episode that is truncated bootstraps: the price is that of theory; one taken for the end is too cheap by the chance of an end", () => {
  for (const [horizon, episodes] of [[300, 16], [100, 40]]) {
    const bootstrap = learned(horizon, episodes, "bootstrap"), terminal = learned(horizon, episodes, "terminal")
    expect(Math.abs(bootstrap.learned.price / bootstrap.theory.price - 1)).toBeLessThan(0.005)
    expect(Math.abs(terminal.learned.price / bootstrap.learned.price / underpriced(0.95, horizon) - 1)).toBeLessThan(0.01)
    // A bond is paid before the end is noticed one period on: its price stays.
    for (const { learned: { bond } } of [bootstrap, terminal]) expect(Math.abs(bond / 0.95 - 1)).toBeLessThan(0.005)
    expect(bootstrap.converged).toBe(true)
    expect(terminal.converged).toBe(false)
  }
})
