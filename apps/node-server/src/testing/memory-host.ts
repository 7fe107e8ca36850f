import {
  applyEntry,
  type BookingState,
  type Command,
  createState,
  type Entry,
  info,
  LATEST_FEATURE_LEVEL,
  type Reply,
  type RowChange,
  stateHash,
} from '@quorail/booking-fsm'
import { NotLeaderError, RejectedError } from '@quorail/raft-core'
import { type Divergence, StateDivergedError } from '../host/state-diverged-error.ts'
import type { HostStatus, LeaderHint, NodeHost, RowListener } from '../host/types.ts'

export interface MemoryHost extends NodeHost {
  /** Moves the clock. */
  advance(ms: number): void
  /** Pretends that another node leads. */
  follow(leader: LeaderHint | undefined): void
  /** Pretends that the other nodes have another state. */
  diverge(how: Divergence): void
  /** How many listen for changes of leadership now. */
  watchers(): number
  /** Applies a command of the cluster's own and gives the reply. */
  run(command: Command, actor?: number): Reply
}

/** A node without a cluster: the real state machine, a log of one, a clock that stands still. */
export function createMemoryHost(
  startMs: number,
  /** Is given what each entry changes. */
  onApplied: (changes: readonly RowChange[], index: number, hash: string) => void = () => {},
): MemoryHost {
  const state: BookingState = createState()
  const listeners = new Set<() => void>()
  const rowListeners = new Set<RowListener>()
  let nowMs = startMs
  let index = 0
  let leads = true
  let divergence: Divergence | undefined
  let leader: LeaderHint | undefined = { id: 'n1', clientUrl: 'http://localhost:1', term: 1 }

  const applied = (entry: Entry): Reply => {
    const { reply, changes } = applyEntry(state, entry)
    onApplied(changes, entry.index, stateHash(state))
    for (const listener of rowListeners) listener(changes)
    return reply
  }

  const apply: NodeHost['submit'] = async ({ actor, key, command }) => {
    if (divergence !== undefined) throw new StateDivergedError(divergence)
    if (!leads) throw new NotLeaderError(leader?.id, leader === undefined ? 'noLeader' : 'follower')
    index += 1
    const reply = applied({ index, timestampMs: nowMs, actor, key, command })
    for (const listener of listeners) listener()
    return { reply, index }
  }

  const status = (): HostStatus => ({
    id: 'n1',
    address: 'http://localhost:1',
    pid: 1,
    role: leads ? 'leader' : 'follower',
    term: 1,
    leader,
    firstIndex: 1,
    lastIndex: index,
    commitIndex: index,
    appliedIndex: info(state).appliedIndex,
    durableIndex: index,
    hashIndex: index,
    stateHash: stateHash(state),
    logSizeBytes: 0,
    ready: leads,
    unready: leads ? [] : ['noLeader'],
    peers: [],
    startedAtMs: startMs,
    clusterId: '00'.repeat(16),
    members: [],
    configIndex: 0,
    wallMs: nowMs,
    clockOffsetMs: 0,
    featureLevel: info(state).featureLevel,
    supportedFeatureLevel: LATEST_FEATURE_LEVEL,
  })

  return {
    id: 'n1',
    state,
    submit: apply,
    commandsUnderWay: 0,
    readAs: async (read) => {
      if (read !== 'linearizable' && read.atLeast > info(state).appliedIndex)
        throw new RejectedError('timeout', 'not there')
    },
    submitWith(submission, done) {
      apply(submission).then((submitted) => done(undefined, submitted), done)
    },
    settleRead: async () => {
      if (!leads) throw new NotLeaderError(leader?.id, 'follower')
    },
    isServingLeader: () => leads && divergence === undefined,
    showsWhatIsTrue: () => leads && divergence !== 'minority',
    divergence: () => divergence,
    hashCheckpoints: () => [{ index, stateHash: stateHash(state) }],
    leader: () => leader,
    status,
    nowMs: () => nowMs,
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    onRows: (listener) => {
      rowListeners.add(listener)
      return () => rowListeners.delete(listener)
    },
    advance(ms) {
      nowMs += ms
    },
    follow(next) {
      leads = false
      leader = next
      for (const listener of listeners) listener()
    },
    diverge(how) {
      divergence = how
    },
    watchers: () => listeners.size,
    run(command, actor = 0) {
      index += 1
      return applied({ index, timestampMs: nowMs, actor, key: undefined, command })
    },
  }
}

/** Founds the memory host's cluster, so that commands are taken. */
export function foundMemoryHost(host: MemoryHost): void {
  host.run({
    type: 'foundCluster',
    clusterId: '00'.repeat(16),
    pnrKey: [1, 2, 3, 4],
    currency: 'EUR',
    holdMs: 600_000,
    paymentWindowMs: 120_000,
    featureLevel: LATEST_FEATURE_LEVEL,
  })
}
