/** What must hold after every step of a group of cores that changes while it works. */
import type { CoreEvent } from '../src/core/index.ts'
import { checkMembership, memberIds } from '../src/core/membership.ts'
import type { Entry, Membership, NodeId } from '../src/types.ts'
import { type CoreHost, commands } from './core-cluster.ts'

export interface GroupFigures {
  committed: number
  reads: number
  elections: number
  changes: number
  restores: number
  leases: number
  lives: number
}

export const noFigures = (): GroupFigures => ({
  committed: 0,
  reads: 0,
  elections: 0,
  changes: 0,
  restores: 0,
  leases: 0,
  lives: 0,
})

/**
 * One leader in a term, one committed log, one membership for each `config` entry, no read older than
 * what was committed when it was asked for, nobody who leads while another one has a lease.
 */
export class GroupChecks {
  /** Applied by somebody, in order. */
  readonly committed: Entry[] = []
  readonly figures = noFigures()
  readonly #electionMinTicks: number
  readonly #leaders = new Map<number, NodeId>()
  readonly #checked = new Map<CoreHost, { applied: readonly Entry[]; count: number }>()
  readonly #readFloor = new Map<string, number>()
  readonly #memberships = new Map<number, string>()
  #latest: { readonly configIndex: number; readonly membership: Membership } | undefined
  /** When each node began each round of its present leadership. */
  readonly #rounds = new Map<NodeId, number[]>()
  /** Until when nobody else can lead, by node. */
  readonly #leases = new Map<NodeId, number>()

  constructor(electionMinTicks: number) {
    this.#electionMinTicks = electionMinTicks
  }

  /** `now` counts the ticks of a clock that all have in common, if there are lease reads. */
  check(hosts: readonly CoreHost[], now: number): void {
    for (const host of hosts) {
      for (const event of host.events.splice(0)) this.#event(host, event, now)
      this.#applied(host)
    }
  }

  /** Whoever reads now must see what anybody knows to be committed. */
  readAsked(host: CoreHost, id: number, hosts: readonly CoreHost[]): void {
    const known = Math.max(...hosts.map(({ core }) => core.status().commitIndex))
    this.#readFloor.set(`${host.id}/${id}`, known)
  }

  /** By the newest change that anybody has applied. */
  wasRemoved(id: NodeId): boolean {
    return this.#latest !== undefined && !memberIds(this.#latest.membership).includes(id)
  }

  crashed(host: CoreHost): void {
    this.#leases.delete(host.id)
    host.events = []
  }

  #event(host: CoreHost, event: CoreEvent, now: number): void {
    if (event.type === 'roleChanged') {
      this.#leases.delete(host.id)
      if (event.role === 'leader') this.#elected(host, event.term, now)
    } else if (event.type === 'readReady') {
      this.figures.reads++
      const floor = this.#readFloor.get(`${host.id}/${event.id}`) ?? Number.NaN
      if (!(event.index >= floor)) throw new Error(`a read at ${event.index} misses ${floor}`)
    } else if (event.type === 'membershipChanged') {
      this.#membershipChanged(event.membership, event.configIndex)
    } else if (event.type === 'roundStarted') this.#rounds.get(host.id)?.push(now)
    else if (event.type === 'roundConfirmed') {
      const begun = this.#rounds.get(host.id)?.[event.sequence - 1] ?? Number.NaN
      this.#leases.set(host.id, begun + this.#electionMinTicks - 1)
      this.figures.leases++
    }
  }

  #elected(host: CoreHost, term: number, now: number): void {
    this.figures.elections++
    const other = this.#leaders.get(term)
    if (other !== undefined && other !== host.id) throw new Error('two leaders in a term')
    this.#leaders.set(term, host.id)
    this.#rounds.set(host.id, [])
    const { lastIndex } = host.core.status()
    if (lastIndex < this.committed.length) throw new Error('a leader lacks committed entries')
    for (const [holder, until] of this.#leases) {
      if (now < until) throw new Error(`${host.id} leads although ${holder} has a lease`)
    }
  }

  #membershipChanged(membership: Membership, configIndex: number): void {
    this.figures.changes++
    const problem = checkMembership(membership)
    if (problem !== undefined) throw new Error(problem)
    const text = JSON.stringify(membership)
    if ((this.#memberships.get(configIndex) ?? text) !== text) {
      throw new Error(`two memberships at ${configIndex}`)
    }
    this.#memberships.set(configIndex, text)
    if (configIndex > (this.#latest?.configIndex ?? 0)) this.#latest = { configIndex, membership }
  }

  /** What a host has applied is its whole state: a beginning of the one committed log. */
  #applied(host: CoreHost): void {
    const { applied } = host
    const before = this.#checked.get(host)
    const from = before?.applied === applied ? before.count : 0
    for (let i = from; i < applied.length; i++) {
      const entry = applied[i] as Entry
      if (entry.index !== i + 1) throw new Error('a hole was applied')
      const known = this.committed[i]
      if (known === undefined) this.committed.push(entry)
      else if (known.term !== entry.term || commands([known])[0] !== commands([entry])[0]) {
        throw new Error(`two entries were applied at ${entry.index}`)
      }
    }
    this.#checked.set(host, { applied, count: applied.length })
    this.figures.committed = this.committed.length
  }
}
