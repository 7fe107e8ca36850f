/**
 * When a leader's stream closes, all followers see it at the same moment. All of them stop standing by
 * it at once, but they campaign in turns, which follow from their names and the term: if they did so
 * at the same moment they would divide the votes, and everybody would wait for an election timeout.
 */
import type { Membership, NodeId, Term } from '../types.ts'
import type { Host } from './host.ts'
import { successionMs } from './raft-config.ts'
import type { Standing } from './standing.ts'

export class Succession {
  readonly #host: Host
  readonly #standing: Standing

  constructor(host: Host, standing: Standing) {
    this.#host = host
    this.#standing = standing
  }

  /** A stream closed. If it was the leader's, it is most likely gone. */
  peerLost(peer: NodeId): void {
    const host = this.#host
    // With leases everybody keeps standing by the leader: they are built on that.
    if (this.#standing.leader !== peer || host.config.leaseReads) {
      host.enqueue({ type: 'peerLost', peer })
      return
    }
    const { term, membership } = host.core.status()
    const place = placeInLine(membership, peer, host.id, term)
    host.enqueue({ type: 'forgetLeader' })
    if (place === 0) host.enqueue({ type: 'campaign' })
    if (place === undefined || place === 0) return
    host.clock.setTimer(place * successionMs(host.config), () => {
      const now = host.core.status()
      const nobodyBefore = now.term === term && now.role === 'follower' && now.leader === undefined
      if (nobodyBefore) host.enqueue({ type: 'campaign' })
    })
  }
}

/** How many others go first; undefined for a node that is no voter. */
export function placeInLine(
  { voters, votersOutgoing }: Membership,
  lost: NodeId,
  self: NodeId,
  term: Term,
): number | undefined {
  const others = [...new Set([...voters, ...votersOutgoing])].filter((id) => id !== lost).sort()
  const at = others.indexOf(self)
  // Not always the same one first: it may be the slowest.
  return at < 0 ? undefined : (at + term) % others.length
}
