import { Command, Option } from "commander"
import { benchCommand, BENCHES } from "./benchCommand.ts"
import { compareCommand } from "./compareCommand.ts"
import type { Host } from "./host.ts"
import { listCommand } from "./listCommand.ts"
import { reportCommand } from "./reportCommand.ts"
import { resumeCommand } from "./resumeCommand.ts"
import { showCommand } from "./showCommand.ts"
import { simulateCommand, type SimulateOptions } from "./simulateCommand.ts"
import { solveCommand, type ComputeOptions } from "./solveCommand.ts"
import { startCommand } from "./startCommand.ts"
import { studyCommand, type StudyFlags } from "./studyCommand.ts"
import { trainCommand, type TrainFlags } from "./trainCommand.ts"
import { VERSION } from "./version.ts"

const AFTER = `
Exit status: 0 converged, 1 a fault of walras, 2 a mistake in what was asked, 3 not converged,
130 interrupted (a checkpoint is left in --out).

  $ walras solve brunnermeier-sannikov-2016 --method aliens --at z=0.1,0.2 --of q,psi
  $ walras compare brunnermeier-sannikov-2016 --methods fd,aliens --out runs/mine`

/** The commands and their flags. Each hands its exit status to `ended`. */
export function program(host: Host, ended: (status: number) => void): Command {
  const walras = new Command("walras")
    .description("Finds equilibria of macro-finance models.")
    .version(VERSION, "--version", "print the version")
    .helpOption("-h, --help", "print this help").helpCommand(false)
    .addHelpText("after", AFTER)
    .exitOverride()
    .configureOutput({ writeOut: text => { host.out.write(text) }, writeErr: text => { host.err.write(text) }, outputError() {} })
    .showSuggestionAfterError()

  walras.command("list").description("the economies, methods, markets, learners and studies")
    .addOption(JSON_FLAG()).action(options => ended(listCommand(options, host)))
  walras.command("show").description("equations, calibrations, sources, what is known")
    .argument("<economy>", "a name of `walras list` or a FILE.toml").addOption(JSON_FLAG())
    .action((economy: string, options) => ended(showCommand(economy, options, host)))
  computing(walras.command("solve").description("solve an economy by one method"))
    .option("--method <name>", "the method (default: the first that accepts the economy)")
    .action(async (economy: string, options: ComputeOptions & { method?: string }) => ended(await solveCommand(economy, options, host)))
  computing(walras.command("compare").description("solve by several methods, each held against the first"))
    .requiredOption("--methods <names>", "two or more, as in fd,aliens")
    .action(async (economy: string, options: ComputeOptions & { methods: string }) => ended(await compareCommand(economy, options, host)))
  simulating(walras.command("simulate").description("follow paths of a solution: densities, crises, moments, fan charts, responses to shocks"))
    .action(async (source: string, options: SimulateOptions) => ended(await simulateCommand(source, options, host)))
  walras.command("train").description("let agents learn the prices of a market")
    .argument("<market>", "a market of `walras list`")
    .option("--learner <name>", "how they learn (default: the market's own)")
    .option("--agents <number>", "how many").option("--episodes <number>", "how long")
    .option("--set <name=value>", "a rule of the market, or a setting of the learner; may be repeated", collect, [])
    .option("--seed <number>", "the seed of all randomness (default: 0)")
    .option("--out <dir>", "keep the run in this folder")
    .addOption(JSON_FLAG()).addOption(QUIET_FLAG())
    .action(async (market: string, flags: TrainFlags) => ended(await trainCommand(market, flags, host)))
  walras.command("study").description("run an experiment of many computations, and say what they say together")
    .argument("<name>", "a study of `walras list`").option("--quick", "a smaller version, in minutes")
    .option("--threads <number>", "threads that share its cells (default: all cores); the findings do not depend on it")
    .option("--out <dir>", "its folder (default: one of its name under runs/); what is there already is not computed again")
    .addOption(JSON_FLAG()).addOption(QUIET_FLAG())
    .action(async (name: string, flags: StudyFlags) => ended(await studyCommand(name, flags, host)))
  walras.command("resume").description("go on with an interrupted run")
    .argument("<dir>", "its run folder").addOption(THREADS_FLAG()).addOption(JSON_FLAG()).addOption(QUIET_FLAG())
    .action(async (folder: string, options) => ended(await resumeCommand(folder, options, host)))
  walras.command("report").description("draw the page and the figures of runs again")
    .argument("<dir...>", "run folders; several are compared").option("--out <dir>", "where to (default: the first folder)")
    .action(async (folders: string[], options) => ended(await reportCommand(folders, options, host)))
  walras.command("start").description("solve the benchmark by fd and aliens into runs/benchmark")
    .addOption(THREADS_FLAG()).addOption(QUIET_FLAG()).action(async options => ended(await startCommand(options, host)))
  walras.command("bench").description("measure the speed of this machine")
    .argument("[name]", Object.entries(BENCHES).map(([name, is]) => `${name}: ${is}`).join("; "), "step")
    .addOption(JSON_FLAG()).addOption(FAST_MATH_FLAG()).option("--profile", "of a step, where its time goes")
    .action(async (name: string, options) => ended(await benchCommand(name, options, host)))
  return walras
}

const JSON_FLAG = () => new Option("--json", "print one JSON object")
const FAST_MATH_FLAG = () => new Option("--fast-math", "nets by multiply-adds that round once: faster, other bits on other machines")
const THREADS_FLAG = () => new Option("--threads <number>", "threads that share the work, where a method divides it (default: all cores); the numbers do not depend on it")
const QUIET_FLAG = () => new Option("--quiet", "show no progress")
const collect = (text: string, before: readonly string[]) => [...before, text]

/** The flags of `SimulateOptions`. */
function simulating(command: Command): Command {
  return command.argument("<source>", "a name of `walras list`, a FILE.toml, or the folder of a finished run")
    .option("--method <name>", "the method that solves it (default: the first that accepts the economy)")
    .option("--calibration <name>", "a calibration that the economy names (default: its first)")
    .option("--set <name=value>", "a parameter, or a setting of the method; may be repeated", collect, [])
    .option("--years <number>", "years that each path counts (default: 1000)")
    .option("--paths <number>", "paths of the long run (default: 2000)")
    .option("--dt <years>", "years between two looks at a path, and the longest step (default: a month)")
    .option("--burn <years>", "years before a path counts (default: what it takes to forget its start)")
    .option("--ends <how>", "reflecting or absorbing (default: reflecting)")
    .option("--seed <number>", "the seed of all randomness (default: 0)")
    .option("--from <state=value>", "where fan charts and responses begin (default: the long-run mean); may be repeated", collect, [])
    .option("--horizon <years>", "their length (default: 30)")
    .option("--of <names>", "their variables beside the states (default: prices and shares)")
    .option("--shock <name=size>", "a shock, in standard deviations of a year (default: each by -1); may be repeated", collect, [])
    .option("--crisis <region>", "the crisis region, as in \"psi < 0.5\" (default: where a complementarity line is slack)")
    .option("--threads <number>", "threads that share the paths (default: all cores); the numbers do not depend on it")
    .option("--out <dir>", "keep the run in this folder")
    .addOption(JSON_FLAG()).addOption(QUIET_FLAG())
}

/** The flags of `ComputeOptions`. */
function computing(command: Command): Command {
  return command.argument("<economy>", "a name of `walras list` or a FILE.toml")
    .option("--calibration <name>", "a calibration that the economy names (default: its first)")
    .option("--set <name=value>", "a parameter, or a setting of the method; may be repeated", collect, [])
    .option("--seed <number>", "the seed of all randomness (default: 0)")
    .option("--at <state=values>", "points to print, as in z=0.1,0.2; once for each state", collect, [])
    .option("--of <names>", "variables to print there: unknowns, definitions, derivatives")
    .addOption(THREADS_FLAG())
    .option("--out <dir>", "keep the run in this folder")
    .addOption(FAST_MATH_FLAG())
    .addOption(JSON_FLAG()).addOption(QUIET_FLAG())
}
