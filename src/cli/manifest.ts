import { readFileSync } from "node:fs"
import { arch, cpus, platform } from "node:os"
import { join } from "node:path"
import { kernelBuild, type KernelBuild } from "../nets/kernelBuilds.ts"
import type { Host } from "./host.ts"
import { jsonText } from "./jsonText.ts"
import { VERSION } from "./version.ts"

export const MANIFEST_FILE = "manifest.json"

/** On what, with what and when a run was made: what its configuration does not say. */
export interface Manifest {
  readonly walras: string
  readonly node: string
  readonly v8: string
  readonly platform: string
  readonly cpu: string
  readonly cores: number
  /** The build of the kernels that nets computed by. */
  readonly kernels: KernelBuild
  readonly seed: number
  readonly command: string
  readonly started: string
  /** When it was gone on with, and by which command. */
  readonly resumed: readonly { readonly at: string; readonly command: string }[]
  readonly finished: string | null
}

/** The manifest of a run folder. */
export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, MANIFEST_FILE), "utf8")) as Manifest
}

/** The manifest of a run that starts now. */
export function newManifest(seed: number, host: Host): Manifest {
  return {
    walras: VERSION, node: process.versions.node, v8: process.versions.v8,
    platform: `${platform()} ${arch()}`, cpu: cpus()[0]?.model.trim() ?? "unknown", cores: cpus().length,
    kernels: kernelBuild(), seed, command: host.command, started: timeOf(host), resumed: [], finished: null,
  }
}

/** The manifest of a run that is gone on with now. */
export function resumedManifest(before: Manifest, host: Host): Manifest {
  return { ...before, resumed: [...before.resumed, { at: timeOf(host), command: host.command }], finished: null }
}

export function finishedManifest(before: Manifest, host: Host): Manifest {
  return { ...before, finished: timeOf(host) }
}

export function manifestText(manifest: Manifest): string {
  return jsonText(manifest, 2) + "\n"
}

function timeOf(host: Host): string {
  return new Date(host.now()).toISOString()
}
