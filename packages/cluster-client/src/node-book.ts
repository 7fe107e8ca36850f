import type { ClusterState } from './cluster-state.ts'
import type { Hint } from './failure.ts'
import type { Settings } from './options.ts'

interface NodeRecord {
  answeredAt: number | undefined
  /** Its last attempt failed then; undefined once it answers again. */
  failedAt: number | undefined
  /** The term known when it failed: a hint of a later one means that it is back. */
  failedInTerm: bigint
}

/** More members than a cluster has. */
const mostNodes = 64

/** What is known about each node: who leads, who answered last, who failed. */
export class NodeBook {
  readonly urls: string[]
  readonly #settings: Settings
  readonly #nodes = new Map<string, NodeRecord>()
  readonly #listeners = new Set<() => void>()
  #preferred: string
  #state: ClusterState = { leaderUrl: undefined, reachability: 'unknown', term: 0n }

  constructor(endpoints: readonly string[], settings: Settings) {
    this.urls = [...new Set(endpoints.map(normaliseUrl))]
    this.#settings = settings
    for (const url of this.urls) {
      this.#nodes.set(url, { answeredAt: undefined, failedAt: undefined, failedInTerm: 0n })
    }
    const first = this.urls[0]
    if (first === undefined) throw new TypeError('endpoints: give at least one address of a node')
    this.#preferred = first
  }

  /** Where a call begins. */
  get preferred(): string {
    return this.#preferred
  }

  state(): ClusterState {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** The node did what was asked. `leads` when only a leader can do that. */
  succeeded(url: string, leads: boolean): void {
    this.#answered(url)
    this.#preferred = url
    this.#publish({
      reachability: 'reachable',
      leaderUrl: leads ? url : this.#state.leaderUrl,
    })
  }

  /** The node answered with a refusal that concerns the request, not the cluster. */
  refused(url: string): void {
    this.#answered(url)
    this.#publish({ reachability: 'reachable' })
  }

  /** The node answered that it can not act. Gives the leader it names, if that is worth following. */
  declined(url: string, hint: Hint | undefined): string | undefined {
    this.#answered(url)
    const leader = hint === undefined ? undefined : this.#follow(url, hint)
    const known = this.#state.leaderUrl
    this.#publish({
      reachability: leader === undefined ? 'noLeader' : 'reachable',
      leaderUrl: leader ?? (known === url ? undefined : known),
    })
    return leader
  }

  failed(url: string): void {
    const node = this.#nodes.get(url)
    if (node === undefined) return
    node.failedAt = this.#settings.clock.now()
    node.failedInTerm = this.#state.term
    const allFailed = [...this.#nodes.values()].every((each) => each.failedAt !== undefined)
    this.#publish({
      leaderUrl: this.#state.leaderUrl === url ? undefined : this.#state.leaderUrl,
      reachability: allFailed ? 'unreachable' : this.#state.reachability,
    })
  }

  /** Is a probe needed before something with an effect, or after a failure, is sent there? */
  isDoubtful(url: string, hasEffect: boolean): boolean {
    const node = this.#nodes.get(url)
    if (node === undefined || node.failedAt !== undefined) return true
    if (!hasEffect) return false
    const { answeredAt } = node
    return (
      answeredAt === undefined ||
      this.#settings.clock.now() - answeredAt > this.#settings.limits.freshMs
    )
  }

  knows(url: string): boolean {
    return this.#nodes.has(normaliseUrl(url))
  }

  /** Members, as a node that we were given names them. Who has gone stays: it is asked last, as it fails. */
  learn(addresses: readonly string[]): void {
    for (const url of addresses.filter((it) => URL.canParse(it)).map(normaliseUrl)) {
      if (this.#nodes.has(url) || this.urls.length >= mostNodes) continue
      this.urls.push(url)
      this.#nodes.set(url, { answeredAt: undefined, failedAt: undefined, failedInTerm: 0n })
    }
  }

  /** Heard of through a probe. */
  answered(url: string): void {
    this.#answered(url)
  }

  /** The next node of a pass: not tried yet, those that failed lately last. */
  next(after: string, tried: ReadonlySet<string>): string | undefined {
    const start = this.urls.indexOf(after)
    const ring = [...this.urls.slice(start + 1), ...this.urls.slice(0, start + 1)]
    const left = ring.filter((url) => !tried.has(url))
    return left.find((url) => !this.#failedLately(url)) ?? left[0]
  }

  /** Hints are followed only to addresses we were given, and never back in time. */
  #follow(from: string, hint: Hint): string | undefined {
    const url = normaliseUrl(hint.url)
    const node = this.#nodes.get(url)
    if (node === undefined || url === from || hint.term < this.#state.term) return undefined
    this.#publish({ term: hint.term })
    if (this.#failedLately(url) && hint.term <= node.failedInTerm) return undefined
    return url
  }

  #failedLately(url: string): boolean {
    const failedAt = this.#nodes.get(url)?.failedAt
    if (failedAt === undefined) return false
    return this.#settings.clock.now() - failedAt < this.#settings.limits.failedMs
  }

  #answered(url: string): void {
    const node = this.#nodes.get(url)
    if (node === undefined) return
    node.answeredAt = this.#settings.clock.now()
    node.failedAt = undefined
  }

  #publish(change: Partial<ClusterState>): void {
    const next = { ...this.#state, ...change }
    const now = this.#state
    if (
      next.leaderUrl === now.leaderUrl &&
      next.reachability === now.reachability &&
      next.term === now.term
    ) {
      return
    }
    this.#state = next
    for (const listener of [...this.#listeners]) listener()
  }
}

/** `http://localhost:3001/` and `http://localhost:3001` are one node. */
export function normaliseUrl(url: string): string {
  return URL.canParse(url) ? new URL(url).href.replace(/\/+$/, '') : url
}
