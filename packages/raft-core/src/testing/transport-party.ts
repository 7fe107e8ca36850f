import type { Lane, Transport } from '../ports.ts'
import type { NodeId } from '../types.ts'
import { check } from './log-history.ts'
import type { TransportSubject } from './transport-suite.ts'

export interface Batch {
  readonly from: NodeId
  readonly bytes: Uint8Array
}

interface Handle {
  readonly transport: Transport
  readonly got: Batch[]
  readonly lost: NodeId[]
  /** Without probes; also what was forgotten. */
  receivedBytes: number
  /** How many probes it got from whom. */
  readonly probes: Map<NodeId, number>
}

/** Long enough for any pause between two tries to connect. */
const PATIENCE_MS = 10_000
/** A batch of this alone is no batch of a case: it asks whether somebody is there. */
const PROBE = [0x70, 0x72, 0x6f, 0x62, 0x65, 0x21]

/** The transports of one case, and what each of them was given. */
export class Party {
  readonly #subject: TransportSubject
  readonly #handles = new Map<NodeId, Handle>()
  readonly #away = new Set<NodeId>()
  readonly #listeners = new Map<NodeId, (batch: Batch) => void>()

  constructor(subject: TransportSubject) {
    this.#subject = subject
  }

  static async with(
    makeSubject: () => TransportSubject | Promise<TransportSubject>,
    run: (party: Party) => Promise<void>,
  ): Promise<void> {
    const subject = await makeSubject()
    try {
      await run(new Party(subject))
    } finally {
      await subject.dispose()
    }
  }

  async open(id: NodeId): Promise<void> {
    this.#enter(id, await this.#subject.open(id))
  }

  async openForeign(id: NodeId): Promise<void> {
    const { openForeign } = this.#subject
    check(openForeign !== undefined, 'the subject has no openForeign')
    this.#enter(id, await openForeign.call(this.#subject, id))
  }

  async close(id: NodeId): Promise<void> {
    await this.#subject.close(id)
    this.#away.add(id)
  }

  /** Opens who is not there, and waits until each hears each other. Forgets what was received. */
  async meet(...ids: NodeId[]): Promise<void> {
    for (const id of ids) if (!this.#handles.has(id) || this.#away.has(id)) await this.open(id)
    for (const id of ids) this.handle(id).probes.clear()
    const pairs = ids.flatMap((from) => ids.filter((to) => to !== from).map((to) => [from, to]))
    const missing = () =>
      pairs.filter(([from, to]) => !this.handle(to as NodeId).probes.has(from as NodeId))
    for (let waited = 0; missing().length > 0; waited += 20) {
      const who = missing().map(([from, to]) => `${to} does not hear ${from}`)
      check(waited < PATIENCE_MS, `no connection: ${who.join(', ')}`)
      for (const [from, to] of missing()) this.send(from as NodeId, to as NodeId, probe())
      await this.wait(20)
    }
    this.forget()
  }

  send(from: NodeId, to: NodeId, bytes: Uint8Array, lane?: Lane): void {
    try {
      this.handle(from).transport.send(to, bytes, lane)
    } catch (error) {
      throw new Error(`send threw: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  setPeers(id: NodeId, ...peers: NodeId[]): void {
    const { transport } = this.handle(id)
    check(transport.setPeers !== undefined, 'the transport has no setPeers')
    transport.setPeers(peers)
  }

  got(id: NodeId): readonly Batch[] {
    return this.#handles.get(id)?.got ?? []
  }

  /** Whom a node was told to have lost, since it was opened last. */
  lost(id: NodeId): readonly NodeId[] {
    return this.#handles.get(id)?.lost ?? []
  }

  bytesOf(id: NodeId): number {
    return this.handle(id).receivedBytes
  }

  handle(id: NodeId): Handle {
    const handle = this.#handles.get(id)
    check(handle !== undefined, `${id} was not opened`)
    return handle
  }

  onReceive(id: NodeId, listener: (batch: Batch) => void): void {
    this.#listeners.set(id, listener)
  }

  /** What was received until now. */
  forget(): void {
    for (const { got } of this.#handles.values()) got.length = 0
  }

  wait(ms: number): Promise<void> {
    return this.#subject.wait(ms)
  }

  async until(condition: () => boolean, wrong: string): Promise<void> {
    for (let waited = 0; !condition(); waited += 5) {
      check(waited < PATIENCE_MS, wrong)
      await this.wait(5)
    }
  }

  #enter(id: NodeId, transport: Transport): void {
    const handle: Handle = { transport, got: [], lost: [], receivedBytes: 0, probes: new Map() }
    this.#handles.set(id, handle)
    this.#away.delete(id)
    transport.onReceive = (from, bytes) => {
      if (isProbe(bytes)) {
        handle.probes.set(from, (handle.probes.get(from) ?? 0) + 1)
        return
      }
      handle.receivedBytes += bytes.length
      const batch = { from, bytes }
      handle.got.push(batch)
      if (this.#handles.get(id) === handle) this.#listeners.get(id)?.(batch)
    }
    transport.onPeerLost = (peer) => void handle.lost.push(peer)
  }
}

function probe(): Uint8Array {
  return Uint8Array.from(PROBE)
}

function isProbe(bytes: Uint8Array): boolean {
  return bytes.length === PROBE.length && PROBE.every((byte, i) => bytes[i] === byte)
}
