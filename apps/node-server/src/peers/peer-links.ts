import type { PeerCertificate } from '../certificates/own-certificates.ts'
import type { Current } from '../certificates/watched-certificate.ts'
import type { MemberAddress } from '../host/types.ts'
import { PeerLink } from './peer-link.ts'
import type { OnRefused } from './refusal-log.ts'

export interface PeerLinksOptions {
  readonly id: string
  readonly onState?: ((peer: string, reachable: boolean, detail: string) => void) | undefined
  readonly silentAfterMs: number
  readonly certificate?: Current<PeerCertificate> | undefined
  readonly onRefused?: OnRefused
}

interface Kept {
  readonly url: string
  readonly link: PeerLink
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

  get(peer: string): PeerLink | undefined {
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
    const { id: from, onState, ...same } = this.#options
    const tell = (reachable: boolean, detail: string): void => onState?.(peer, reachable, detail)
    this.#kept.set(peer, {
      url,
      link: new PeerLink({ ...same, from, peer, url, onState: tell }),
    })
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
