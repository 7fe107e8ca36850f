/**
 * Proposals of a follower that the leader takes up for it.
 *
 * The follower waits for the applied result of its own state machine. It learns from the leader where
 * a command was put, and then the committed log decides as for its own. When that answer is lost, the
 * term decides: the leader takes a command in the very term it was sent in or never, so once an entry
 * of a later term is applied here, every entry of that term there will ever be has been applied before
 * it. If none of those has the command's bytes, it was certainly not applied; otherwise nobody knows.
 */
import type { ProposalRefusal } from '../core/io.ts'
import { NotLeaderError, OverloadedError, type RaftError, RejectedError } from '../errors.ts'
import type {
  Entry,
  ForwardProposals,
  ForwardProposalsReply,
  LogIndex,
  NodeId,
  Term,
} from '../types.ts'
import type { Proposal, Proposals } from './proposals.ts'

/** Applied entries that are kept for answers that come late; beyond it an outcome may be unknown. */
const MOST_RECENT = 65_536
const MOST_RECENT_BYTES = 16 << 20

interface Sent<Result> {
  readonly to: NodeId
  readonly term: Term
  readonly proposals: readonly Proposal<Result>[]
  /** What was applied here when they were sent: their entries come later. */
  readonly since: LogIndex
  /** Something that was applied since is not known any more. */
  hasGap: boolean
}

export class Forwarding<Result> {
  readonly #id: NodeId
  readonly #proposals: Proposals<Result>
  readonly #unanswered = new Map<number, Sent<Result>>()
  /** In the leader's log, so it said. */
  readonly #placed = new Map<LogIndex, Proposal<Result>[]>()
  /** What was applied while an answer is missing. */
  #recent: { readonly entry: Entry; readonly result: Result }[] = []
  #recentBytes = 0
  #nextId: number
  #appliedIndex: LogIndex = 0

  /** `firstId` is random: an answer meant for an earlier life of this process must not be taken for one's own. */
  constructor(id: NodeId, proposals: Proposals<Result>, firstId: number) {
    this.#id = id
    this.#proposals = proposals
    this.#nextId = firstId
  }

  /** The messages that pass these on, each of `mostBytes` or one command. */
  send(
    proposals: readonly Proposal<Result>[],
    to: NodeId,
    term: Term,
    mostBytes: number,
  ): readonly ForwardProposals[] {
    const messages: ForwardProposals[] = []
    for (let at = 0; at < proposals.length; ) {
      const from = at
      let bytes = 0
      while (at < proposals.length) {
        bytes += (proposals[at] as Proposal<Result>).data.length
        if (at > from && bytes > mostBytes) break
        at++
      }
      messages.push(this.#message(proposals.slice(from, at), to, term))
    }
    return messages
  }

  /** What the leader says of them. Those that may be offered again are returned. */
  answered(reply: ForwardProposalsReply): readonly Proposal<Result>[] {
    const sent = this.#unanswered.get(reply.forwardId)
    if (sent === undefined || sent.to !== reply.from) return []
    this.#unanswered.delete(reply.forwardId)
    const { proposals } = sent
    const accepted = Math.min(reply.accepted, proposals.length)
    for (let i = 0; i < accepted; i++) {
      this.#place(proposals[i] as Proposal<Result>, reply.firstIndex + i, reply.entryTerm)
    }
    this.#trim()
    const refusal = reply.refusal as ProposalRefusal | ''
    const first = proposals[accepted]
    if (refusal !== 'tooLarge' || first === undefined) {
      for (let i = accepted; i < proposals.length; i++) {
        this.#proposals.refuse(proposals[i] as Proposal<Result>, refusalError(refusal))
      }
      return []
    }
    this.#proposals.refuse(first, refusalError('tooLarge'))
    return proposals.slice(accepted + 1).filter((proposal) => !proposal.answered)
  }

  applied(entries: readonly Entry[], results: readonly Result[]): void {
    const last = entries[entries.length - 1] as Entry
    this.#appliedIndex = last.index
    if (this.#placed.size > 0) this.#decide(entries, results)
    if (this.#unanswered.size === 0) return
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as Entry
      if (entry.kind !== 'command') continue
      this.#recent.push({ entry, result: results[i] as Result })
      this.#recentBytes += entry.data.length
    }
    if (this.#recent.length > MOST_RECENT || this.#recentBytes > MOST_RECENT_BYTES) this.#forget()
    this.#closeTermsBefore(last.term)
  }

  /** A snapshot took the place of everything up to `index`. */
  skipTo(index: LogIndex): void {
    this.#appliedIndex = index
    this.#forget()
    for (const [at, placed] of this.#placed) {
      if (at > index) continue
      this.#placed.delete(at)
      for (const proposal of placed) this.#proposals.unknown(proposal, 'leadershipLost')
    }
  }

  expire(now: number): void {
    for (const [id, { proposals }] of this.#unanswered) {
      if (this.#areAnswered(proposals, now)) this.#unanswered.delete(id)
    }
    this.#trim()
    for (const [index, proposals] of this.#placed) {
      if (this.#areAnswered(proposals, now)) this.#placed.delete(index)
    }
  }

  abandon(reason: 'closed' | 'failed', cause: Error | undefined): void {
    const unanswered = [...this.#unanswered.values()].flatMap(({ proposals }) => proposals)
    const all = unanswered.concat([...this.#placed.values()].flat())
    this.#unanswered.clear()
    this.#placed.clear()
    this.#trim()
    for (const proposal of all) this.#proposals.unknown(proposal, reason, cause)
  }

  #message(proposals: readonly Proposal<Result>[], to: NodeId, term: Term): ForwardProposals {
    const forwardId = this.#nextId++
    for (const proposal of proposals) proposal.forwardTerm = term
    this.#unanswered.set(forwardId, {
      ...{ to, term, proposals },
      since: this.#appliedIndex,
      hasGap: false,
    })
    const commands = proposals.map(({ data }) => data)
    return { type: 'forwardProposals', from: this.#id, to, term, forwardId, commands }
  }

  #place(proposal: Proposal<Result>, index: LogIndex, term: Term): void {
    if (proposal.answered) return
    proposal.index = index
    proposal.term = term
    if (index > this.#appliedIndex) {
      const others = this.#placed.get(index)
      if (others === undefined) this.#placed.set(index, [proposal])
      else others.push(proposal)
      return
    }
    // The answer was overtaken by the entry.
    const found = this.#recent.find(({ entry }) => entry.index === index)
    if (found === undefined) this.#proposals.unknown(proposal, 'leadershipLost')
    else this.#proposals.decide(proposal, found.entry, found.result)
  }

  #decide(entries: readonly Entry[], results: readonly Result[]): void {
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as Entry
      const placed = this.#placed.get(entry.index)
      if (placed === undefined) continue
      this.#placed.delete(entry.index)
      for (const proposal of placed) this.#proposals.decide(proposal, entry, results[i] as Result)
    }
  }

  #closeTermsBefore(term: Term): void {
    for (const [id, sent] of this.#unanswered) {
      if (sent.term >= term) continue
      this.#unanswered.delete(id)
      for (const proposal of sent.proposals) {
        if (sent.hasGap || this.#mayBeApplied(proposal, sent.term)) {
          this.#proposals.unknown(proposal, 'leadershipLost')
        } else {
          const message = `the leader of term ${sent.term} did not take it up`
          this.#proposals.refuse(proposal, new RejectedError('superseded', message))
        }
      }
    }
    this.#trim()
  }

  /** Tells those that have waited too long, and whether nobody waits any more. */
  #areAnswered(proposals: readonly Proposal<Result>[], now: number): boolean {
    let areAnswered = true
    for (const proposal of proposals) {
      if (proposal.deadline <= now) this.#proposals.timeOut(proposal)
      areAnswered &&= proposal.answered
    }
    return areAnswered
  }

  #mayBeApplied({ data }: Proposal<Result>, term: Term): boolean {
    return this.#recent.some(({ entry }) => entry.term === term && sameBytes(entry.data, data))
  }

  /** Nobody waits for what was applied before the oldest message that is not answered was sent. */
  #trim(): void {
    const [oldest] = this.#unanswered.values()
    const since = oldest?.since ?? this.#appliedIndex
    let count = 0
    for (const { entry } of this.#recent) {
      if (entry.index > since) break
      this.#recentBytes -= entry.data.length
      count++
    }
    if (count > 0) this.#recent.splice(0, count)
  }

  #forget(): void {
    this.#recent = []
    this.#recentBytes = 0
    for (const sent of this.#unanswered.values()) sent.hasGap = true
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** Why the leader did not take a command up. Certainly not applied. */
export function refusalError(refusal: ProposalRefusal | ''): RaftError {
  switch (refusal) {
    case 'transferring':
      return new RejectedError('transferring', 'leadership is being handed over')
    case 'tooLarge':
      return new RejectedError('tooLarge', "the command is larger than the leader's maxEntryBytes")
    case 'overloaded':
      return new OverloadedError('too much is waiting to be committed')
    default:
      return new NotLeaderError(undefined, 'noLeader')
  }
}
