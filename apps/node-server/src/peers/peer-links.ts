import type { PeerCertificate } from '../certificates/own-certificates.ts'
import type { Current } from '../certificates/watched-certificate.ts'
import type { MemberAddress, PeerSelf } from '../host/types.ts'
import { PeerLanes } from './peer-lanes.ts'
import type { OnRefused } from './refusal-log.ts'

export interface PeerLinksOptions {
  readonly id: string
  readonly onState?: ((peer: string, reachable: boolean, detail: string) => void) | undefined
  /** The connection for snapshots to a peer is begun, or over. */
  readonly onBulk?: ((peer: string, isOpen: boolean, detail: string) => void) | undefined
  readonly silentAfterMs: number
  readonly bulkIdleAfterMs?: number | undefined
  readonly bulkStuckAfterMs?: number | undefined
  readonly certificate?: Current<PeerCertificate> | undefined
  readonly onRefused?: OnRefused
  readonly self?: (() => PeerSelf | undefined) | undefined
}

interface Kept {
  readonly url: string
  readonly link: PeerLanes
}

/** This node's streams to the others: they come and go with the membership, and move with the addresses. */
export class PeerLinks {
  readonly #options: PeerLinksOptions
  readonly #kept = new Map<string, Kept>()
  /** Links that are being closed. */
  readonly #closing = new Set<Promise<void>>()

  constructor(options: PeerLinksOptions) {
    this.#options = options
    options.certificate?.onChange((now) => {
      for (const { link } of this.#kept.values()) link.leaveUnbelieved(now)
    })
  }

  get(peer: string): PeerLanes | undefined {
    return this.#kept.get(peer)?.link
  }

  /** From now on these are the others; who has no address is not reached. */
  follow(peers: readonly Pick<MemberAddress, 'id' | 'peerUrl'>[]): void {
    const wanted = new Map(peers.map(({ id, peerUrl }) => [id, peerUrl]))
    for (const [peer, { url }] of this.#kept) if (wanted.get(peer) !== url) this.#drop(peer)
    for (const [peer, url] of wanted)
      if (url !== '' && peer !== this.#options.id && !this.#kept.has(peer)) this.#keep(peer, url)
  }

  async close(): Promise<void> {
    for (const peer of [...this.#kept.keys()]) this.#drop(peer)
    await Promise.all(this.#closing)
  }

  #keep(peer: string, url: string): void {
    const { id: from, onState, onBulk, bulkIdleAfterMs, bulkStuckAfterMs, ...same } = this.#options
    const link = new PeerLanes({
      ...{ ...same, from, peer, url },
      ...(bulkIdleAfterMs !== undefined && { idleAfterMs: bulkIdleAfterMs }),
      ...(bulkStuckAfterMs !== undefined && { stuckAfterMs: bulkStuckAfterMs }),
      onState: (reachable, detail) => onState?.(peer, reachable, detail),
      onBulk: (isOpen, detail) => onBulk?.(peer, isOpen, detail),
    })
    this.#kept.set(peer, { url, link })
  }

  #drop(peer: string): void {
    const kept = this.#kept.get(peer)
    this.#kept.delete(peer)
    const closed: Promise<void> = (kept?.link.close() ?? Promise.resolve()).then(() => {
      this.#closing.delete(closed)
    })
    this.#closing.add(closed)
  }
}
