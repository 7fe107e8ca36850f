import type { Entry, LogIndex, Membership, MembershipChange, NodeId, Term } from '../types.ts'
import { chainHash } from './digest.ts'
import {
  changed,
  foundersOf,
  type Group,
  hasMajority,
  isSameGroup,
  marksOf,
  quorumsIntersect,
} from './membership-model.ts'

/** What a run was found to break. */
export interface Violation {
  /** `I1` to `I13`, `recovery`, `liveness`, `check` or `assertion`; see docs/internals/simulator.md. */
  readonly invariant: string
  readonly message: string
}

/** What a log holds, as far as the checker needs it: chain hashes by index. */
export interface LogView {
  readonly lastIndex: LogIndex
  hashAt(index: LogIndex): number | undefined
}

interface Committed {
  readonly hash: number
  readonly entryTerm: Term
  /** Term of the leader that committed it. */
  readonly term: Term
}

/** Whether a node has this entry durably, dead or alive. */
export type Holds = (id: NodeId, index: LogIndex, hash: number) => boolean

/** The properties of Raft (Figure 3) over the whole cluster, and what it promised its clients. */
export class Checker {
  violation: Violation | undefined
  highestTerm: Term = 0
  /** How often each rare state was seen. */
  readonly marks: Record<string, number> = {}
  /** Called when a mark is met. */
  onMark: ((name: string) => void) | undefined
  readonly #holds: Holds
  readonly #decodeChange: (data: Uint8Array) => MembershipChange
  readonly #leaders = new Map<Term, NodeId>()
  /** Durable votes, by voter and term. */
  readonly #votes = new Map<NodeId, Map<Term, NodeId>>()
  /** Chain hashes of all entries ever logged, by term and index. */
  readonly #hashes = new Map<Term, Map<LogIndex, number>>()
  readonly #committed: Committed[] = []
  /** The groups of the committed log, in order. */
  readonly #groups: Group[]
  /** Data of committed `config` entries is looked up here when they are committed. */
  readonly #changes = new Map<string, MembershipChange>()
  readonly #refused = new Set<number>()
  readonly #effects = new Map<number, LogIndex>()
  #acknowledged: LogIndex = 0
  #acknowledgements = 0

  constructor(
    founders: readonly NodeId[],
    holds: Holds,
    decodeChange: (data: Uint8Array) => MembershipChange,
  ) {
    this.#holds = holds
    this.#decodeChange = decodeChange
    this.#groups = [foundersOf(founders)]
  }

  get commitIndex(): LogIndex {
    return this.#committed.length
  }

  get acknowledgements(): number {
    return this.#acknowledgements
  }

  get elections(): number {
    return this.#leaders.size
  }

  /** Highest index that some client knows to be applied, by a result or by a read. */
  get acknowledgedIndex(): LogIndex {
    return this.#acknowledged
  }

  /** The newest committed membership. */
  get group(): Group {
    return this.#groups.at(-1) as Group
  }

  fail(invariant: string, message: string): void {
    this.violation ??= { invariant, message }
  }

  mark(name: string): void {
    this.marks[name] = (this.marks[name] ?? 0) + 1
    this.onMark?.(name)
  }

  hashOfCommitted(index: LogIndex): number | undefined {
    return index === 0 ? 0 : this.#committed[index - 1]?.hash
  }

  /** The membership after the committed entry `index` was applied. */
  groupAt(index: LogIndex): Group {
    let at = this.#groups.length - 1
    while (at > 0 && (this.#groups[at] as Group).index > index) at--
    return this.#groups[at] as Group
  }

  /** A vote became durable. I6: there is one vote of a node in a term. */
  voted(id: NodeId, term: Term, candidate: NodeId): void {
    let votes = this.#votes.get(id)
    if (votes === undefined) {
      votes = new Map()
      this.#votes.set(id, votes)
    }
    const before = votes.get(term)
    if (before === candidate) return
    if (before !== undefined) {
      this.fail('I6', `${id} votes in term ${term} for ${before} and for ${candidate}`)
    }
    votes.set(term, candidate)
  }

  /** A node lost its log: what it voted is forgotten, and it must not be believed to be its past. */
  wiped(id: NodeId): void {
    this.#votes.delete(id)
  }

  /**
   * I1: one leader in a term, by durable votes of a majority of the membership it knows. I4: it has
   * everything that was committed in earlier terms.
   */
  elected(id: NodeId, term: Term, configIndex: LogIndex, log: LogView): void {
    const other = this.#leaders.get(term)
    if (other !== undefined && other !== id) {
      this.fail('I1', `${id} and ${other} both lead in term ${term}`)
    }
    this.#leaders.set(term, id)
    const votedForIt = (voter: NodeId): boolean => this.#votes.get(voter)?.get(term) === id
    if (!hasMajority(this.groupAt(configIndex), votedForIt)) {
      this.fail('I1', `${id} leads in term ${term} without the durable votes of a majority`)
    }
    let index = this.#committed.length
    while (index > 0 && (this.#committed[index - 1] as Committed).term >= term) index--
    if (index > 0 && log.hashAt(index) !== (this.#committed[index - 1] as Committed).hash) {
      this.fail('I4', `${id} leads in term ${term} without entry ${index}, which is committed`)
    }
  }

  /** I3: entries of the same index and term have the same log before them. */
  logged(id: NodeId, entry: Entry, hash: number): void {
    const { index, term, kind } = entry
    let hashes = this.#hashes.get(term)
    if (hashes === undefined) {
      hashes = new Map()
      this.#hashes.set(term, hashes)
    }
    const known = hashes.get(index)
    if (known === undefined) {
      hashes.set(index, hash)
      if (kind === 'config') this.#changes.set(`${index} ${term}`, this.#decodeChange(entry.data))
    } else if (known !== hash) {
      this.fail('I3', `${id} has another log at entry ${index} of term ${term} than another node`)
    }
  }

  /** I13: a log that begins at a mark begins with what was committed there. */
  beginsAt(id: NodeId, index: LogIndex, term: Term, membership: Membership): void {
    if (index === 0) return
    const committed = this.#committed[index - 1]
    if (committed === undefined) {
      this.fail('I13', `${id} has a snapshot of entry ${index}, which is not committed`)
    } else if (committed.entryTerm !== term) {
      this.fail('I13', `${id} has a snapshot of entry ${index} with term ${term}`)
    } else if (!isSameGroup(this.groupAt(index), membership)) {
      this.fail('I12', `${id} has a snapshot of entry ${index} with another membership`)
    }
  }

  /**
   * I12: a leader changes the membership only when the change before is committed, and an entry of
   * its own term (Ongaro 2015).
   */
  changeAppended(id: NodeId, entry: Entry, previous: LogIndex): void {
    if (previous > this.#committed.length) {
      this.fail('I12', `${id} appends change ${entry.index} while ${previous} is not committed`)
    }
    // From a joint membership there is but one way on: every leader that leaves it does the same.
    if (this.#decodeChange(entry.data).changes.length === 0) return
    if ((this.#committed.at(-1)?.entryTerm ?? 0) < entry.term) {
      this.fail('I12', `${id} appends change ${entry.index} before it committed in its term`)
    }
  }

  /** I12: a node takes for the membership what the committed log says. */
  belongs(id: NodeId, configIndex: LogIndex, membership: Membership): void {
    // A node that waits to be added knows of nobody.
    if (configIndex === 0 && membership.voters.length === 0) return
    const group = this.groupAt(configIndex)
    if (configIndex > this.#committed.length || group.index !== configIndex) {
      this.fail('I12', `${id} has a membership of entry ${configIndex}, which made none`)
    } else if (!isSameGroup(group, membership)) {
      this.fail('I12', `${id} has another membership after entry ${configIndex} than the log`)
    }
  }

  /**
   * A node says that everything up to `index` is committed. I5: it is what others said; I7: a
   * majority has it durably, of the membership that is in force at the node.
   */
  committed(id: NodeId, index: LogIndex, term: Term, configIndex: LogIndex, log: LogView): void {
    const known = Math.min(index, this.#committed.length)
    if (known > 0 && log.hashAt(known) !== (this.#committed[known - 1] as Committed).hash) {
      this.fail('I5', `${id} commits another entry at ${known} than was committed before`)
    }
    if (index <= this.#committed.length || this.violation !== undefined) return
    const hash = log.hashAt(index)
    if (hash === undefined) {
      this.fail('I5', `${id} commits entry ${index}, which it does not have`)
      return
    }
    if (!hasMajority(this.groupAt(configIndex), (voter) => this.#holds(voter, index, hash))) {
      this.fail('I7', `${id} commits entry ${index} of which no majority has a durable copy`)
    }
    for (let i = this.#committed.length + 1; i <= index; i++) this.#commit(i, term, log)
  }

  #commit(index: LogIndex, term: Term, log: LogView): void {
    const hash = log.hashAt(index) as number
    const entryTerm = this.#termOf(index, hash, term)
    if (entryTerm < term) this.mark('entry of an older term committed')
    this.#committed.push({ hash, entryTerm, term })
    const change = this.#changes.get(`${index} ${entryTerm}`)
    if (change === undefined) return
    const before = this.group
    const after = changed(before, index, change)
    this.#groups.push(after)
    for (const mark of marksOf(before, after)) this.mark(mark)
    if (!quorumsIntersect(before, after)) {
      this.fail('I12', `the memberships before and after entry ${index} may both decide`)
    }
    if (after.voters.size === 0) this.fail('I12', `entry ${index} leaves no voter`)
  }

  /** The term of the entry with this chain: seldom another than that of who commits it. */
  #termOf(index: LogIndex, hash: number, hint: Term): Term {
    if (this.#hashes.get(hint)?.get(index) === hash) return hint
    for (const [term, hashes] of this.#hashes) if (hashes.get(index) === hash) return term
    return 0
  }

  /** I5: every node applies the same entry at the same index. `name` is the command's, if it has one. */
  applied(id: NodeId, entry: Entry, hash: number, name: number | undefined): void {
    const { index } = entry
    const committed = this.#committed[index - 1]
    if (committed === undefined) this.fail('I5', `${id} applies entry ${index} uncommitted`)
    else if (committed.hash !== hash) {
      this.fail('I5', `${id} applies another entry at ${index} than was committed`)
    }
    if (name === undefined) return
    if (this.#refused.has(name)) {
      this.fail('I8', `${id} applies a command that its client was told is certainly not applied`)
    }
    const at = this.#effects.get(name)
    if (at === undefined) this.#effects.set(name, index)
    // A command is offered once: twice in the log would be twice applied.
    else if (at !== index) this.fail('I10', `${id} applies at ${index} what was applied at ${at}`)
  }

  /** I8: the command that a client was told is applied at an index is what is committed there. */
  acknowledge(index: LogIndex, term: Term, command: Uint8Array): void {
    this.#acknowledgements++
    this.#acknowledged = Math.max(this.#acknowledged, index)
    const before = this.hashOfCommitted(index - 1)
    const hash = this.hashOfCommitted(index)
    if (before === undefined || hash === undefined) {
      this.fail('I8', `a client was told that entry ${index} is applied, but it is not committed`)
    } else if (chainHash(before, { index, term, kind: 'command' }, command) !== hash) {
      this.fail('I8', `a client was told that its command is applied at ${index}: another one is`)
    }
  }

  /** A client was told that its command is certainly not applied. */
  refuse(name: number): void {
    this.#refused.add(name)
    if (this.#effects.has(name)) {
      this.fail('I8', 'a client was told that its command is certainly not applied, and it is')
    }
  }

  /** Whether a command without an answer was applied after all. */
  wasApplied(name: number): boolean {
    return this.#effects.has(name)
  }

  /** I9: a client has seen the state at `index`; if that was current, nobody may see an older one now. */
  saw(id: NodeId, index: LogIndex, atLeast: LogIndex, isCurrent: boolean): void {
    if (index < atLeast) {
      this.fail('I9', `${id} reads at ${index}, after ${atLeast} was acknowledged or read`)
    }
    if (isCurrent) this.#acknowledged = Math.max(this.#acknowledged, index)
  }
}
