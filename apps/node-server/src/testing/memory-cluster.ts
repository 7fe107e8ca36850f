import {
  type BookingState,
  createState,
  LATEST_FEATURE_LEVEL,
  loadState,
  type Row,
  type RowChange,
  stateHash,
  tables,
} from '@quorail/booking-fsm'
import type { Callback, Genesis, SnapshotReader, StateCapture } from '@quorail/raft-core'
import {
  FakeClock,
  MemoryLog,
  MemoryNetwork,
  MemorySnapshotStore,
  randomStream,
} from '@quorail/raft-core/testing'
import type { ClockVerdict } from '../host/clock-verdict.ts'
import type { RefusedFor } from '../host/command-gate.ts'
import type { HashCheckpoint, HashVerdict } from '../host/hash-verdict.ts'
import { openNodeHost, type RunningHost } from '../host/node-host.ts'
import type { MembersSeen } from '../host/removal-watch.ts'
import type { RowBatch, RowStore } from '../host/row-store.ts'
import type { SkippedEntries } from '../host/unappliable-entry.ts'
import {
  encodeFrame,
  FrameReader,
  isEnd,
  isHeader,
  streamFormat,
} from '../snapshots/state-stream.ts'
import { RecordHashes } from '../storage/record-hashes.ts'

/** A database in memory that can be slow, and can fail. */
export class MemoryRows implements RowStore {
  readonly rows = new Map<string, Row>()
  readonly batches: RowBatch[] = []
  appliedIndex = 0
  /** Of the last snapshot that took the place of the rows. */
  restoredIndex = 0
  failure: Error | undefined
  /** A line that is not in the log. */
  strayRecord: Row | undefined
  #held: (() => void)[] | undefined

  commit(batch: RowBatch, done: (error: Error | undefined) => void): void {
    const write = (): void => {
      if (this.failure === undefined) this.#writeBatch(batch)
      done(this.failure)
    }
    if (this.#held === undefined) write()
    else this.#held.push(write)
  }

  recordHash(): string {
    const hashes = new RecordHashes()
    const stray = this.strayRecord === undefined ? [] : [this.strayRecord]
    for (const { table, values } of [...this.rows.values(), ...stray])
      if (RecordHashes.isRecord(table)) hashes.add(table, values)
    return hashes.total()
  }

  /** From now on batches wait. */
  hold(): void {
    this.#held ??= []
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const write of held) write()
  }

  #writeBatch(batch: RowBatch): void {
    this.batches.push(batch)
    this.appliedIndex = batch.appliedIndex
    for (const change of batch.changes) this.#write(change)
  }

  #write(change: RowChange): void {
    const table = tables.find(({ name }) => name === change.table)
    const key = change.type === 'delete' ? change.key : change.values.slice(0, table?.keyColumns)
    const name = JSON.stringify([change.table, ...key])
    if (change.type === 'delete') this.rows.delete(name)
    else this.rows.set(name, { table: change.table, values: change.values })
  }

  capture(appliedIndex: number, done: Callback<StateCapture>): void {
    const all = [...this.rows.values()]
    const state = loadState(this.stateRows())
    const frames = [
      {
        format: streamFormat,
        clusterId: '',
        appliedIndex,
        stateHash: stateHash(state),
        tables: [],
      },
      ...all.map(({ table, values }) => ({ table, rows: [values] })),
      { end: true as const, rowCount: all.length },
    ]
    done(undefined, {
      next: (answer) => {
        const frame = frames.shift()
        answer(undefined, frame && encodeFrame(frame))
      },
      release: () => {},
    })
  }

  restore(index: number, bytes: SnapshotReader, done: Callback<BookingState>): void {
    bytes.read(0, bytes.sizeBytes, (error, piece) => {
      const frames = new FrameReader()
      if (error === undefined) frames.add(piece)
      this.rows.clear()
      for (let frame = frames.next(); frame !== undefined; frame = frames.next()) {
        if (isHeader(frame) || isEnd(frame)) continue
        for (const values of frame.rows) this.#write({ type: 'upsert', table: frame.table, values })
      }
      this.appliedIndex = index
      this.restoredIndex = index
      done(error, loadState(this.stateRows()))
    })
  }

  stateRows(): Row[] {
    const state = new Set(tables.filter((it) => it.purpose === 'state').map(({ name }) => name))
    return [...this.rows.values()].filter((row) => state.has(row.table))
  }
}

/** What is left of a node when its process is gone. */
interface Machine {
  readonly log: MemoryLog
  readonly rows: MemoryRows
  readonly snapshots: MemorySnapshotStore
  host: RunningHost | undefined
}

const ids = ['n1', 'n2', 'n3']

/** Three whole nodes in one process, on a clock that stands still until it is told. */
export class MemoryCluster {
  readonly clock = new FakeClock()
  readonly network = new MemoryNetwork((run) => this.clock.defer(run))
  readonly failures: Error[] = []
  /** The wall clocks are this far off the cluster's. */
  readonly wallOffsetMs = new Map<string, number>()
  /** These do not say what time it is. */
  readonly silentClocks = new Set<string>()
  onClockVerdict: (id: string, verdict: ClockVerdict) => void = () => {}
  /** These do not say their hashes. */
  readonly silentHashes = new Set<string>()
  /** These answer, but have no hash to show. */
  readonly emptyHashes = new Set<string>()
  onHashVerdict: (id: string, verdict: HashVerdict) => void = () => {}
  onNotComparable: (id: string, peer: string) => void = () => {}
  /** Those that have learned that they belong no longer, in order. */
  readonly removed: string[] = []
  /** Why commands were refused before they were proposed. */
  readonly refused: RefusedFor[] = []
  /** Of the log, behind what the database holds. */
  retainEntries = 10_000
  /** A way there or back of the question for the time. */
  clockDelayMs = 2
  /** What these nodes' versions know, where it is not the latest level. */
  readonly supportedLevels = new Map<string, number>()
  /** What the cluster is founded with. */
  foundingLevel = LATEST_FEATURE_LEVEL
  /** Of nodes that are started from now on. */
  skippedEntries: SkippedEntries = new Map()
  readonly #machines = new Map<string, Machine>()
  readonly #genesis = { clusterId: 'ab'.repeat(16), members: ids }

  static readonly epochMs = 1_800_000_000_000

  static async start(): Promise<MemoryCluster> {
    const cluster = new MemoryCluster()
    for (const id of ids) await cluster.startNode(id)
    return cluster
  }

  async startNode(id: string): Promise<RunningHost> {
    return this.#open(id, this.#genesis)
  }

  /** A node with an empty log, that waits to be added. */
  startJoining(id: string): Promise<RunningHost> {
    return this.#open(id, undefined)
  }

  async #open(id: string, genesis: Genesis | undefined): Promise<RunningHost> {
    const at = Number(id.slice(1))
    const machine = this.#machines.get(id) ?? {
      log: new MemoryLog({ genesis, incarnation: `${at}`.repeat(32) }),
      rows: new MemoryRows(),
      snapshots: new MemorySnapshotStore(),
      host: undefined,
    }
    this.#machines.set(id, machine)
    const { appliedIndex } = machine.rows
    const opening = openNodeHost({
      id,
      pid: at,
      members: (genesis === undefined ? [] : ids).map((name) => ({
        id: name,
        clientUrl: `http://${name}:1`,
        peerUrl: `http://${name}:2`,
      })),
      genesis,
      log: machine.log,
      snapshots: machine.snapshots,
      raftConfig: { retainEntries: this.retainEntries },
      transport: this.network.transport(id),
      rows: machine.rows,
      clock: this.clock,
      wallMs: () => this.#wallMs(id),
      askClock: (peer, done) => this.#askClock(peer.id, done),
      onClockVerdict: (verdict) => this.onClockVerdict(id, verdict),
      askHashes: (peer, done) => this.#askHashes(peer.id, done),
      onHashVerdict: (verdict) => this.onHashVerdict(id, verdict),
      onNotComparable: (peer) => this.onNotComparable(id, peer),
      askMembers: (peer, done) => this.#askMembers(peer.id, done),
      onRemoved: () => this.removed.push(id),
      random: randomStream(7, id),
      askLevel: (peer, done) => this.#askLevel(peer.id, done),
      supportedFeatureLevel: this.supportedLevels.get(id) ?? LATEST_FEATURE_LEVEL,
      state: appliedIndex === 0 ? createState() : loadState(machine.rows.stateRows()),
      appliedIndex,
      founding: () => ({
        type: 'foundCluster',
        clusterId: this.#genesis.clusterId,
        pnrKey: [1, 2, 3, 4],
        currency: 'EUR',
        holdMs: 60_000,
        paymentWindowMs: 20_000,
        featureLevel: this.foundingLevel,
      }),
      skippedEntries: this.skippedEntries,
      refuseAtRows: 500,
      onRefused: (reason) => this.refused.push(reason),
      onFailure: (error) => this.failures.push(error),
    })
    await this.run(0)
    machine.host = await opening
    return machine.host
  }

  async stopNode(id: string): Promise<void> {
    const closing = this.host(id).close()
    await this.run(3_000)
    await closing
    this.network.disconnect(id)
    this.#machine(id).host = undefined
  }

  host(id: string): RunningHost {
    const { host } = this.#machine(id)
    if (host === undefined) throw new Error(`${id} does not run`)
    return host
  }

  rows(id: string): MemoryRows {
    return this.#machine(id).rows
  }

  /** Lets time pass until a node leads and serves. */
  async leader(): Promise<RunningHost> {
    for (let waited = 0; waited < 20_000; waited += 50) {
      const leader = [...this.#machines.values()].find(({ host }) => host?.isServingLeader())?.host
      if (leader !== undefined) return leader
      await this.run(50)
    }
    throw new Error('nobody leads')
  }

  /** Lets time pass, in steps, with everybody's promises in between. */
  async run(ms: number): Promise<void> {
    for (let passed = 0; passed <= ms; passed += 10) {
      this.clock.advance(Math.min(10, ms - passed))
      for (let turn = 0; turn < 20; turn += 1) {
        this.clock.runDeferred()
        await Promise.resolve()
      }
    }
  }

  #wallMs(id: string): number {
    return MemoryCluster.epochMs + this.clock.now() + (this.wallOffsetMs.get(id) ?? 0)
  }

  #askClock(id: string, done: (wallMs: number | undefined) => void): void {
    this.clock.setTimer(this.clockDelayMs, () => {
      const runs = this.#machines.get(id)?.host !== undefined && !this.silentClocks.has(id)
      const wallMs = runs ? this.#wallMs(id) : undefined
      this.clock.setTimer(this.clockDelayMs, () => done(wallMs))
    })
  }

  #askLevel(id: string, done: (level: number | undefined) => void): void {
    this.clock.setTimer(2, () => {
      const status = this.#machines.get(id)?.host?.status()
      this.clock.setTimer(2, () => done(status?.supportedFeatureLevel))
    })
  }

  #askMembers(id: string, done: (seen: MembersSeen | undefined) => void): void {
    this.clock.setTimer(2, () => {
      const status = this.#machines.get(id)?.host?.status()
      const ids = status?.members.map((member) => member.id) ?? []
      this.clock.setTimer(2, () => done(status && { configIndex: status.configIndex, ids }))
    })
  }

  #askHashes(id: string, done: (checkpoints: readonly HashCheckpoint[] | undefined) => void): void {
    this.clock.setTimer(2, () => {
      const host = this.silentHashes.has(id) ? undefined : this.#machines.get(id)?.host
      const checkpoints = this.emptyHashes.has(id) ? [] : host?.hashCheckpoints()
      this.clock.setTimer(2, () => done(checkpoints))
    })
  }

  #machine(id: string): Machine {
    const machine = this.#machines.get(id)
    if (machine === undefined) throw new Error(`there is no ${id}`)
    return machine
  }
}
