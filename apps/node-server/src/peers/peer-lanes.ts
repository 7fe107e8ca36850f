import type { Lane } from '@quorail/raft-core'
import type { PeerCertificate } from '../certificates/own-certificates.ts'
import { BulkLink, type BulkLinkOptions } from './bulk-link.ts'
import type { Hello } from './hello.ts'
import { PeerLink, type PeerLinkOptions } from './peer-link.ts'

export type PeerLanesOptions = PeerLinkOptions & BulkLinkOptions

/** This node's streams to one peer: one for what is small and urgent, which stands always, and one for snapshots. */
export class PeerLanes {
  readonly #normal: PeerLink
  readonly #bulk: BulkLink
  /** What the peer has said of itself on its own stream to this node; undefined: there is none. */
  #hello: Hello | undefined

  constructor(options: PeerLanesOptions) {
    this.#bulk = new BulkLink(options)
    this.#normal = new PeerLink({
      ...options,
      onState: (reachable, detail) => {
        // On its own the other connection would notice it much later.
        if (!reachable) this.#bulk.end(new Error(detail))
        options.onState?.(reachable, detail)
      },
    })
  }

  send(batch: Uint8Array, lane: Lane = 'normal'): void {
    // An earlier version would take a second stream for its only one, and the end of it for this node's.
    if (lane === 'bulk' && (this.#hello?.wire ?? 0) > 0) this.#bulk.send(batch)
    else this.#normal.send(batch)
  }

  /** The peer has said something, on any of its streams. */
  heard(): void {
    this.#normal.heard()
  }

  /** The peer has opened a stream to this node. */
  opened(hello: Hello): void {
    if (hello.lane === 'bulk') return
    this.#hello = hello
    this.#normal.renewed()
  }

  /** The last of the peer's streams of the normal lane is over. */
  lost(): void {
    this.#hello = undefined
  }

  leaveUnbelieved(now: PeerCertificate): void {
    this.#normal.leaveUnbelieved(now)
    this.#bulk.leaveUnbelieved(now)
  }

  async close(): Promise<void> {
    await Promise.all([this.#normal.close(), this.#bulk.close()])
  }
}
