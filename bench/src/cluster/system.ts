import type { RunOrder, RunReport } from './caller-process.ts'
import type { Work } from './drivers.ts'

/** Something that is measured, running: ours, a peer, a ceiling. */
export interface RunningSystem {
  /** Its processes, by what they are; read anew, since a leader may change. */
  processes(): Promise<Readonly<Record<string, number>>>
  /** Where its processes say what they count, by what they are. */
  figures?(): Promise<Readonly<Record<string, string>>>
  run(order: Omit<RunOrder, 'target'> & { readonly work: Work }): Promise<RunReport>
}

/** What this machine lacks for a peer, and the command that brings it. */
export class Missing extends Error {}
