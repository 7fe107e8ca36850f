/**
 * From what is on disk to a node: the log, the snapshots that fit it, and a state machine that is as
 * far as the log needs it to be.
 */
import { RaftCore } from '../core/raft-core.ts'
import {
  type ConfigError,
  MachineBehindError,
  MachineFailedError,
  StorageFailedError,
} from '../errors.ts'
import type { Callback, Done, SnapshotInfo, SnapshotStore, StateMachine } from '../ports.ts'
import type { RestoredLog, SnapshotMark, Term } from '../types.ts'
import { askOnce } from './asking.ts'
import { checkGenesis, coreOptions } from './config.ts'
import type { RaftNodeOptions } from './options.ts'
import { checkConfig, type RaftConfig } from './raft-config.ts'

/** All that a driver is made of. */
export interface Opened {
  readonly config: RaftConfig
  readonly core: RaftCore
  readonly restored: RestoredLog
  /** Newest first. */
  readonly snapshots: readonly SnapshotInfo[]
}

/** Calls back with `ConfigError`, `StorageFailedError` or `MachineFailedError`, everything closed again. */
export function openParts<Result>(options: RaftNodeOptions<Result>, done: Callback<Opened>): void {
  const { log, snapshots, machine } = options
  const failed = (error: Error) => done(error, undefined as never)
  let config: RaftConfig
  try {
    config = checkConfig(options.config)
  } catch (error) {
    failed(error as Error)
    return
  }
  log.open((error, restored) => {
    if (error !== undefined) {
      failed(new StorageFailedError(error))
      return
    }
    const closeLog = (problem: Error) => log.close(() => failed(problem))
    const make = (found: readonly SnapshotInfo[], closeAll: (problem: Error) => void) => {
      let core: RaftCore
      try {
        checkGenesis(options.genesis, restored)
        const cores = coreOptions(options.id, config, options.random)
        core = new RaftCore(cores, restored, machine.appliedIndex)
      } catch (problem) {
        closeAll(problem as Error)
        return
      }
      done(undefined, { config, core, restored, snapshots: found })
    }
    if (snapshots === undefined) {
      const problem = problemWithout(restored, machine)
      if (problem === undefined) make([], closeLog)
      else closeLog(problem)
      return
    }
    const { clock, observer } = options
    // Later: what an observer throws is not to end the opening half way.
    const onDamaged = (error: Error) =>
      clock.defer(() => observer?.({ type: 'snapshotFailed', error }))
    openSnapshots(snapshots, restored, machine, onDamaged, (problem, found) => {
      const closeBoth = (reason: Error) => snapshots.close(() => closeLog(reason))
      if (problem === undefined) make(found, closeBoth)
      else closeBoth(problem)
    })
  })
}

function openSnapshots<Result>(
  store: SnapshotStore,
  restored: RestoredLog,
  machine: StateMachine<Result>,
  onDamaged: (problem: Error) => void,
  done: Callback<readonly SnapshotInfo[]>,
): void {
  store.open((error, found) => {
    if (error !== undefined) {
      done(new StorageFailedError(error), [])
      return
    }
    const fitting = found.filter(({ mark }) => fits(mark, restored))
    removeAll(
      store,
      found.filter((info) => !fitting.includes(info)),
      (failure) => {
        if (failure !== undefined) done(new StorageFailedError(failure), [])
        else bringMachine(store, restored, machine, fitting, onDamaged, done)
      },
    )
  })
}

/**
 * One ahead of the log, or beside it, is of an installation that was cut off before the log recorded
 * it; one from before the beginning of the log leads nowhere.
 */
function fits(mark: SnapshotMark, restored: RestoredLog): boolean {
  if (mark.index < restored.base.index || mark.index > restored.lastIndex) return false
  return termAt(restored, mark.index) === mark.term
}

function termAt({ base, termRuns }: RestoredLog, index: number): Term | undefined {
  if (index === base.index) return base.term
  return termRuns.findLast(({ firstIndex }) => firstIndex <= index)?.term
}

function removeAll(store: SnapshotStore, infos: readonly SnapshotInfo[], done: Done): void {
  const [first, ...others] = infos
  if (first === undefined) done(undefined)
  else {
    store.remove(first.id, (error) => {
      if (error !== undefined) done(error)
      else removeAll(store, others, done)
    })
  }
}

/**
 * Restores the state machine if the log can not bring it to where it should be; and one that keeps
 * nothing itself also when that spares it a part of the log. A snapshot that can not be used is left
 * where it is and stands for nothing, as long as an older one, or the log, will do.
 */
function bringMachine<Result>(
  store: SnapshotStore,
  restored: RestoredLog,
  machine: StateMachine<Result>,
  snapshots: readonly SnapshotInfo[],
  onDamaged: (problem: Error) => void,
  done: Callback<readonly SnapshotInfo[]>,
): void {
  const [newest, ...others] = snapshots
  const mustRestore = machine.appliedIndex < restored.base.index
  if (newest === undefined || machine.restore === undefined) {
    const cannotRestore = machine.restore === undefined
    done(mustRestore ? behind(restored, machine, cannotRestore) : undefined, snapshots)
    return
  }
  const spares = machine.durableIndex === undefined && machine.appliedIndex < newest.mark.index
  if (!mustRestore && !spares) {
    done(undefined, snapshots)
    return
  }
  restoreMachine(store, machine, newest, (problem) => {
    if (problem !== undefined && (others.length > 0 || !mustRestore)) {
      onDamaged(problem)
      bringMachine(store, restored, machine, others, onDamaged, done)
      return
    }
    // A machine that says it is restored, and is not, has no state that anybody knows.
    const notRestored = problem === undefined ? checkRestored(machine, newest.mark) : undefined
    done(notRestored ?? problem, snapshots)
  })
}

function restoreMachine<Result>(
  store: SnapshotStore,
  machine: StateMachine<Result>,
  { id, mark }: SnapshotInfo,
  done: Done,
): void {
  store.read(id, (error, stored) => {
    if (error !== undefined) {
      done(new StorageFailedError(error))
      return
    }
    askOnce<void>(
      (answer) => machine.restore?.(mark, stored, (failure) => answer(failure, undefined)),
      (failure) =>
        stored.close(() =>
          done(failure === undefined ? undefined : new MachineFailedError(failure)),
        ),
    )
  })
}

function checkRestored<Result>(
  machine: StateMachine<Result>,
  mark: SnapshotMark,
): MachineFailedError | undefined {
  if (machine.appliedIndex === mark.index) return undefined
  const problem = `restored at ${mark.index}, its appliedIndex is ${machine.appliedIndex}`
  return new MachineFailedError(new Error(problem))
}

function problemWithout<Result>(
  restored: RestoredLog,
  machine: StateMachine<Result>,
): ConfigError | undefined {
  if (machine.appliedIndex >= restored.base.index) return undefined
  return behind(restored, machine, false)
}

function behind<Result>(
  { base }: RestoredLog,
  machine: StateMachine<Result>,
  cannotRestore: boolean,
): ConfigError {
  const cause = cannotRestore
    ? 'the state machine has no restore()'
    : 'there is no snapshot that would bridge the gap'
  return new MachineBehindError(
    `machine: it has applied ${machine.appliedIndex} entries, the log begins behind entry ` +
      `${base.index}, and ${cause}; open it with the snapshots and the state that belong to this ` +
      'log, or remove the node from the group and add it anew, with empty folders',
  )
}
