import type { Settings, Values } from "../../run/settings.ts"
import { POINTS } from "../grid/gridPoints.ts"
import { SAMPLINGS } from "./placement.ts"

/** The settings of `aliens`. */
export const SETTINGS = {
  hidden: { value: "16,16", is: "widths of the hidden layers, separated by commas" },
  activation: { value: "tanh", is: "activation of the hidden layers", among: ["tanh", "swish", "softplus"] },
  output: { value: "log", is: "what a net of a positive value function J stands for: log J, or J itself", among: ["log", "linear"] },
  coefficients: { value: "frozen", is: "of the PDE: all definitions frozen at the last values, or the line linearised about them", among: ["frozen", "linearised"] },
  precision: { value: "float64", is: "precision of Adam; the finish is float64", among: ["float32", "float64"] },
  points: { value: 300, is: "points of the PDE loss, each epoch, times the number of states", least: 8, most: 100_000, whole: true },
  terminal: { value: 120, is: "points of the terminal loss, each epoch, times the number of states", least: 4, most: 100_000, whole: true },
  active: { value: 80, is: "points of each active loss, times the number of states; 0 switches active learning off", least: 0, most: 100_000, whole: true },
  sampling: { value: "active", is: "where the points of the active losses lie: in the band about the switches, anywhere, where residuals are large (greedily or by density), or (with all others) on simulated paths", among: SAMPLINGS },
  band: { value: 0.05, is: "half-width of the active band about a switch", above: 0 },
  kinks: { value: true, is: "let second derivatives of the nets jump where coefficients do or have kinks" },
  lambda_f: { value: 1, is: "weight of the PDE loss", least: 0 },
  lambda_j: { value: 1, is: "weight of the terminal loss", least: 0 },
  lambda_b: { value: 1, is: "weight of the boundary loss: slopes and end conditions at the two ends", least: 0 },
  lambda_c1: { value: 1, is: "weight of the terminal loss in the active region", least: 0 },
  lambda_c2: { value: 1, is: "weight of the PDE loss in the active region", least: 0 },
  fresh: { value: true, is: "new points every epoch; else once an outer step" },
  warm: { value: true, is: "start from the weights of the last step; else from new ones" },
  adaptive: { value: true, is: "let the time step adapt; else keep the first" },
  firstStep: { value: 1, is: "first time step, in years", above: 0 },
  largestStep: { value: 20, is: "longest time step, in years; log J at its last value needs about 1/rho or less", above: 0 },
  epochs: { value: 20, is: "epochs of Adam in each outer step", least: 0, whole: true },
  rate: { value: 0.001, is: "learning rate of Adam", above: 0 },
  finish: { value: "gauss-newton", is: "second-order finish of each outer step", among: ["gauss-newton", "l-bfgs", "none"] },
  finishPoints: { value: 2, is: "times as many points in each step of the finish as in an epoch", least: 1, most: 100, whole: true },
  finishSteps: { value: 9, is: "steps of the finish (five times as many in the first outer step)", least: 0, whole: true },
  inexact: { value: 0.02, is: "the finish ends early where the root of the loss is below this part of the last change of the values; 0 for all its steps", least: 0, most: 1 },
  grid: { ...POINTS, is: POINTS.is.replace("grid points", "grid points of the static block").replace("240,31", "150,31") },
  tolerance: { value: 1e-3, is: "stop when no value changes by more than this part of itself (twice as much in two states) over the longest step", above: 0 },
  misfit: { value: 0.03, is: "and the PDE holds: root mean square of its residual over a step, as a part of the value", above: 0 },
  maxSteps: { value: 150, is: "most outer steps", least: 1, whole: true },
} satisfies Settings

export type AliensSettings = Values<typeof SETTINGS>
