/** What the core tells, handed to those who wait for it. */
import { invariant } from '../core/invariant.ts'
import type { CoreEvent } from '../core/io.ts'
import type { Transport } from '../ports.ts'
import { refusalError } from './forwarding.ts'
import type { Host } from './host.ts'
import type { Parts } from './parts.ts'
import type { Proposal } from './proposals.ts'

export class CoreEvents<Result> {
  readonly #host: Host
  readonly #parts: Parts<Result>
  readonly #transport: Transport
  /** The commands the core is being offered; its `proposed` event comes in the same turn. */
  offered: readonly Proposal<Result>[] = []

  constructor(host: Host, parts: Parts<Result>, transport: Transport) {
    this.#host = host
    this.#parts = parts
    this.#transport = transport
  }

  handle(event: CoreEvent): void {
    const { standing, reads, leases, transfers, changes, compaction } = this.#parts
    const host = this.#host
    switch (event.type) {
      case 'proposed':
        if (event.id === 0) this.#proposed(event)
        else host.post(this.#parts.forwardService.proposed(event, host.id))
        break
      case 'readReady':
        reads.ready(event.id, event.index)
        this.#parts.waiters.release(host.appliedIndex)
        break
      case 'readFailed':
        reads.failed(event.id, event.reason, this.#notLeader())
        break
      case 'transferEnded':
        leases.transferEnded(event)
        transfers.ended(event, this.#notLeader())
        break
      case 'membershipProposed':
        changes.proposed(event, this.#notLeader())
        break
      case 'membershipChanged':
        this.#membershipChanged(event)
        break
      case 'roundStarted':
        leases.roundStarted(event.sequence, host.clock.now())
        break
      case 'roundConfirmed':
        leases.roundConfirmed(event.sequence)
        break
      case 'roleChanged':
        standing.roleChanged(event.role, event.term)
        if (event.role === 'leader') leases.begin(event.term)
        else leases.end()
        host.observe(event)
        break
      case 'leaderChanged':
        standing.leaderChanged(event.leader, host.clock.now())
        host.observe(event)
        break
      case 'steppedDown':
        this.#steppedDown(event)
        break
      case 'compacted':
        compaction.compacted(event.index)
        host.observe(event)
        break
      case 'snapshotOffered':
        break
      case 'peerSetApart':
        host.observe(event)
        break
    }
  }

  /** Nobody will answer for these any more: the node ends in the middle of a turn. */
  takeOffered(): readonly Proposal<Result>[] {
    const { offered } = this
    this.offered = []
    return offered
  }

  #proposed(event: Extract<CoreEvent, { type: 'proposed' }>): void {
    const { proposals, stages } = this.#parts
    const offered = this.takeOffered()
    const { accepted, firstIndex, term } = event
    for (let i = 0; i < accepted; i++) {
      proposals.appended(offered[i] as Proposal<Result>, firstIndex + i, term)
    }
    if (accepted > 0) stages?.accepted(firstIndex + accepted - 1, accepted)
    if (accepted === offered.length) return
    stages?.count('proposalsRefused', offered.length - accepted)
    const { refusal } = event
    invariant(refusal !== undefined, 'what is not taken up is refused')
    const error = refusal === 'notLeader' ? this.#notLeader() : refusalError(refusal)
    for (let i = accepted; i < offered.length; i++) {
      proposals.refuse(offered[i] as Proposal<Result>, error)
    }
  }

  #membershipChanged(event: Extract<CoreEvent, { type: 'membershipChanged' }>): void {
    const { standing, changes } = this.#parts
    const host = this.#host
    const wasMember = standing.isMember
    standing.membership = event.membership
    standing.configIndex = event.configIndex
    this.#transport.setPeers?.(standing.peers)
    host.observe(event)
    changes.changed(event.membership, event.configIndex)
    if (wasMember && !standing.isMember) {
      host.observe({ type: 'removed', term: host.core.status().term })
    }
  }

  #steppedDown(event: Extract<CoreEvent, { type: 'steppedDown' }>): void {
    const { proposals, changes, stages } = this.#parts
    const { clock, config } = this.#host
    const deadline = clock.now() + config.electionMaxMs
    stages?.clear()
    changes.settle(deadline)
    if (event.reason === 'higherTerm' || event.reason === 'removed') {
      proposals.settle(deadline)
      return
    }
    this.#host.observe({ type: event.reason, term: event.term })
    proposals.abandon(event.reason === 'quorumLost' ? 'noQuorum' : 'storageStalled')
  }

  #notLeader() {
    const { clock, config } = this.#host
    return this.#parts.standing.notLeader(clock.now(), 2 * config.electionMaxMs)
  }
}
