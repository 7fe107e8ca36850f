import type { LogIndex, NodeId, Term } from '../types.ts'

/** What a run was found to break. */
export interface Violation {
  /** `I1` to `I8`, `recovery`, `liveness` or `assertion`; see docs/internals/simulator.md. */
  readonly invariant: string
  readonly message: string
}

interface Committed {
  readonly hash: number
  /** Term of the leader that committed it. */
  readonly term: Term
}

/** What a log holds, as far as the checker needs it: chain hashes by index. */
export interface LogView {
  readonly lastIndex: LogIndex
  hashAt(index: LogIndex): number | undefined
}

/** The properties of Raft (Figure 3) over the whole cluster, and what it promised its clients. */
export class Checker {
  violation: Violation | undefined
  /** How often each rare state was seen. */
  readonly marks: Record<string, number> = {}
  readonly #nodes: number
  readonly #leaders = new Map<Term, NodeId>()
  /** Durable votes: `voter term` to candidate. */
  readonly #votes = new Map<string, NodeId>()
  readonly #voters = new Map<string, number>()
  readonly #hashes = new Map<string, number>()
  readonly #committed: Committed[] = []
  /** Chain hash that a client was told its command is at. */
  readonly #refused = new Set<string>()
  #acknowledged: LogIndex = 0
  #acknowledgements = 0

  constructor(nodes: number) {
    this.#nodes = nodes
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

  /** Highest index of a command that a client knows to be applied. */
  get acknowledgedIndex(): LogIndex {
    return this.#acknowledged
  }

  fail(invariant: string, message: string): void {
    this.violation ??= { invariant, message }
  }

  mark(name: string): void {
    this.marks[name] = (this.marks[name] ?? 0) + 1
  }

  /** A vote became durable. I6: there is one vote of a node in a term. */
  voted(id: NodeId, term: Term, candidate: NodeId): void {
    const before = this.#votes.get(`${id} ${term}`)
    if (before === candidate) return
    if (before !== undefined) {
      this.fail('I6', `${id} votes in term ${term} for ${before} and for ${candidate}`)
    }
    this.#votes.set(`${id} ${term}`, candidate)
    const key = `${candidate} ${term}`
    this.#voters.set(key, (this.#voters.get(key) ?? 0) + 1)
  }

  /** I1: one leader in a term, by durable votes of a majority. I4: it has everything that was committed in earlier terms. */
  elected(id: NodeId, term: Term, log: LogView): void {
    const other = this.#leaders.get(term)
    if (other !== undefined && other !== id) {
      this.fail('I1', `${id} and ${other} both lead in term ${term}`)
    }
    this.#leaders.set(term, id)
    const votes = this.#voters.get(`${id} ${term}`) ?? 0
    if (votes <= this.#nodes / 2) {
      this.fail('I1', `${id} leads in term ${term} with ${votes} durable votes of ${this.#nodes}`)
    }
    let index = this.#committed.length
    while (index > 0 && (this.#committed[index - 1] as Committed).term >= term) index--
    if (index > 0 && log.hashAt(index) !== (this.#committed[index - 1] as Committed).hash) {
      this.fail('I4', `${id} leads in term ${term} without entry ${index}, which is committed`)
    }
  }

  /** I3: entries of the same index and term have the same log before them. */
  logged(id: NodeId, index: LogIndex, term: Term, hash: number): void {
    const key = `${index} ${term}`
    const known = this.#hashes.get(key)
    if (known === undefined) this.#hashes.set(key, hash)
    else if (known !== hash) {
      this.fail('I3', `${id} has another log at entry ${index} of term ${term} than another node`)
    }
  }

  /**
   * A node says that everything up to `index` is committed. I5: it is what others said; I7: a
   * majority has it durably (`holders` counts who).
   */
  committed(
    id: NodeId,
    index: LogIndex,
    term: Term,
    log: LogView,
    holders: (index: LogIndex, hash: number) => boolean,
  ): void {
    const known = Math.min(index, this.#committed.length)
    if (known > 0 && log.hashAt(known) !== (this.#committed[known - 1] as Committed).hash) {
      this.fail('I5', `${id} commits another entry at ${known} than was committed before`)
    }
    if (index <= this.#committed.length) return
    const hash = log.hashAt(index)
    if (hash === undefined) {
      this.fail('I5', `${id} commits entry ${index}, which it does not have`)
      return
    }
    if (!holders(index, hash)) {
      this.fail('I7', `${id} commits entry ${index} of which no majority has a durable copy`)
    }
    for (let i = this.#committed.length + 1; i <= index; i++) {
      this.#committed.push({ hash: log.hashAt(i) as number, term })
    }
  }

  /** I5: every node applies the same entry at the same index. */
  applied(id: NodeId, index: LogIndex, hash: number, data: string): void {
    const committed = this.#committed[index - 1]
    if (committed === undefined) this.fail('I5', `${id} applies entry ${index} uncommitted`)
    else if (committed.hash !== hash) {
      this.fail('I5', `${id} applies another entry at ${index} than was committed`)
    }
    if (this.#refused.has(data)) {
      this.fail('I8', `${id} applies a command that its client was told is certainly not applied`)
    }
  }

  /** I8: what a client was told is applied at an index is there. */
  acknowledge(index: LogIndex, hash: number | undefined, expected: string, result: string): void {
    this.#acknowledgements++
    this.#acknowledged = Math.max(this.#acknowledged, index)
    if (result !== expected) {
      this.fail('I8', `a client got the result of another command at ${index}`)
    }
    if (hash === undefined || this.#committed[index - 1]?.hash !== hash) {
      this.fail('I8', `a client was told that entry ${index} is applied, but it is not committed`)
    }
  }

  /** A client was told that its command is certainly not applied. */
  refuse(data: string): void {
    this.#refused.add(data)
  }

  hashOfCommitted(index: LogIndex): number | undefined {
    return this.#committed[index - 1]?.hash
  }
}
