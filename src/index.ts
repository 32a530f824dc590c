// Declare
export { economy, economyOf, anyEconomyOf, type Economy, type DiscreteEconomy, type AnyEconomy } from "./model/economy.ts"
export type { EconomyDeclaration } from "./model/declaration.ts"
export type { DiscreteDeclaration } from "./model/discrete/declaration.ts"
export { catalogue } from "./economies/index.ts"
export { problem } from "./model/compileProblem.ts"
export { discreteProblem } from "./model/discrete/compile.ts"
export type { Problem } from "./model/problem.ts"
export type { DiscreteProblem } from "./model/discrete/problem.ts"
export { Mistake } from "./run/mistake.ts"

// Solve
export { solve, requestOf, computation, valuesAt, defaultVariables, type Request, type RequestOptions } from "./request.ts"
export { METHODS } from "./solve/index.ts"
export { DISCRETE_METHODS } from "./solve/discrete/index.ts"
export type { Method } from "./solve/method.ts"
export type { Solution, Misfit } from "./solve/solution.ts"
export { run, runToEnd, type Procedure, type Progress, type Row } from "./run/run.ts"
export type { Runner } from "./run/runner.ts"
export { doTask, type Work } from "./solve/doTask.ts"
export { OUTCOMES, type Outcome } from "./run/outcome.ts"

// Kernels in machine code, which a host may offer: `walras/machine-code` has those of Node
export { offerNative, kernelBuild, type KernelBuild } from "./nets/kernelBuilds.ts"
export type { NativeModule } from "./nets/nativeKernels.ts"

// Look
export { valueAt, variablesOf } from "./solve/valueAt.ts"
export { agreements, differences, type Agreement, type Difference } from "./solve/compare.ts"
export { stationaryDensity } from "./simulate/density.ts"
export { simulate } from "./simulate/simulate.ts"
export type { SimulationOptions } from "./simulate/plan.ts"
export type { Simulation } from "./simulate/simulation.ts"
export type { Table } from "./run/table.ts"
