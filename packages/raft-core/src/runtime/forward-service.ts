/**
 * The leader's side of forwarding. A network may repeat a message, and a command must not be taken up
 * twice: batches that were seen are remembered, for as long as the leadership in whose term alone they
 * may be taken up.
 */
import { invariant } from '../core/invariant.ts'
import type { CoreEvent, Input } from '../core/io.ts'
import type { ForwardProposals, ForwardProposalsReply, NodeId, Term } from '../types.ts'

/** Ids of one sender that are remembered. One older than the newest by more than this is ignored. */
const MOST_SEEN = 4096
/** Lives of senders that are remembered. */
const MOST_LIVES = 65_536
/** The upper part of an id names the life of the sending process: see `firstForwardId`. */
const IDS_PER_LIFE = 2 ** 24

/** Where a process begins to count its batches. */
export function firstForwardId(random: number): number {
  return Math.floor(random * 2 ** 27) * IDS_PER_LIFE
}

interface Life {
  readonly name: number
  newest: number
  readonly seen: Set<number>
}

export class ForwardService {
  /** The last one of each sender. */
  readonly #lives = new Map<NodeId, Life>()
  /** All there were; what comes of an earlier one is late, and nobody waits for it. */
  readonly #knownLives = new Set<string>()
  readonly #offered = new Map<number, ForwardProposals>()
  readonly #openedInTerm: Term
  #nextId = 1
  #term: Term = 0

  /** `openedInTerm`: the last term that an earlier life of this node may have led in. */
  constructor(openedInTerm: Term) {
    this.#openedInTerm = openedInTerm
  }

  /**
   * What to put before the core, or to answer at once, or neither. `ledTerm` is the last term this node
   * led in, `leads` whether it still does.
   */
  receive(
    message: ForwardProposals,
    leads: boolean,
    ledTerm: Term,
  ): Input | 'notLeader' | undefined {
    if (message.term !== ledTerm || !leads) {
      // Of a term it may have led in it says nothing: it may have taken up the same batch before.
      return message.term > Math.max(ledTerm, this.#openedInTerm) ? 'notLeader' : undefined
    }
    if (ledTerm !== this.#term) {
      this.#term = ledTerm
      this.#lives.clear()
      this.#knownLives.clear()
      this.#offered.clear()
    }
    if (!this.#isNew(message.from, message.forwardId)) return undefined
    const id = this.#nextId++
    this.#offered.set(id, message)
    return { type: 'propose', id, commands: message.commands }
  }

  /** The answer to the sender of a batch. */
  proposed(event: Extract<CoreEvent, { type: 'proposed' }>, id: NodeId): ForwardProposalsReply {
    const offered = this.#offered.get(event.id)
    invariant(offered !== undefined, 'the core answers what it was offered, once')
    this.#offered.delete(event.id)
    const { accepted, firstIndex, term, refusal = '' } = event
    if (accepted === 0) return this.refusal(offered, id, refusal)
    return { ...this.refusal(offered, id, refusal), accepted, firstIndex, entryTerm: term }
  }

  /** The answer that none of them was taken up. */
  refusal(message: ForwardProposals, id: NodeId, refusal = 'notLeader'): ForwardProposalsReply {
    return {
      type: 'forwardProposalsReply',
      from: id,
      to: message.from,
      term: message.term,
      forwardId: message.forwardId,
      accepted: 0,
      firstIndex: 0,
      entryTerm: 0,
      refusal,
    }
  }

  #isNew(from: NodeId, forwardId: number): boolean {
    const name = Math.floor(forwardId / IDS_PER_LIFE)
    let life = this.#lives.get(from)
    if (life?.name !== name) {
      const known = `${from}/${name}`
      if (this.#knownLives.has(known) || this.#knownLives.size >= MOST_LIVES) return false
      this.#knownLives.add(known)
      life = { name, newest: forwardId, seen: new Set() }
      this.#lives.set(from, life)
    }
    if (forwardId <= life.newest - MOST_SEEN || life.seen.has(forwardId)) return false
    life.seen.add(forwardId)
    life.newest = Math.max(life.newest, forwardId)
    if (life.seen.size > 2 * MOST_SEEN) {
      for (const id of life.seen) if (id <= life.newest - MOST_SEEN) life.seen.delete(id)
    }
    return true
  }
}
