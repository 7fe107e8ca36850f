import type { Random } from '../src/ports.ts'
import { logWrite, markOf } from '../src/testing/log-history.ts'
import { randomInteger, randomStream } from '../src/testing/random.ts'
import type { Entry, EntryKind, LogBase, LogIndex, LogWrite, Term } from '../src/types.ts'

/** Whatever Raft may write to a founder's log, in an order that it may be written in. */
export function randomHistory(seed: number, length: number): readonly LogWrite[] {
  const author = new Author(randomStream(seed, 'history'))
  return Array.from({ length }, (_, id) => author.write(id + 1))
}

/** Terms grow, votes stay, truncation above the commit index only, bases at what is committed. */
class Author {
  readonly #random: Random
  /** The term of every entry behind the base. */
  #terms: Term[] = []
  #base = { index: 0, term: 0 }
  #term: Term = 1
  #votedFor: string | undefined
  #commitIndex: LogIndex = 0

  constructor(random: Random) {
    this.#random = random
  }

  get #last(): LogIndex {
    return this.#base.index + this.#terms.length
  }

  write(id: number): LogWrite {
    const random = this.#random
    const newTerm = id === 1 || random() < 0.2
    if (newTerm) {
      this.#term += randomInteger(random, 1, 3)
      this.#votedFor = random() < 0.5 ? 'n1' : undefined
    }
    const base = this.#newBase()
    const truncateFrom = random() < 0.15 ? this.#truncation() : undefined
    const entries = this.#entries()
    const commits = newTerm || base?.reset === true || random() < 0.7
    if (commits) this.#commitIndex = randomInteger(random, this.#commitIndex, this.#last)
    const hardState = {
      term: this.#term,
      votedFor: this.#votedFor,
      commitIndex: this.#commitIndex,
    }
    const peer = { id: `n${randomInteger(random, 2, 5)}`, incarnation: String(id % 10).repeat(32) }
    return logWrite({
      id,
      base,
      truncateFrom,
      entries,
      hardState: commits ? hardState : undefined,
      peers: random() < 0.1 ? [peer] : [],
    })
  }

  #newBase(): LogBase | undefined {
    const chance = this.#random()
    if (chance < 0.06) {
      const index = randomInteger(this.#random, Math.max(1, this.#commitIndex), this.#last + 20)
      this.#base = { index, term: this.#term }
      this.#terms = []
      this.#commitIndex = index
      return { mark: markOf(index, this.#term), reset: true }
    }
    if (chance > 0.25 || this.#commitIndex <= this.#base.index) return undefined
    const index = randomInteger(this.#random, this.#base.index + 1, this.#commitIndex)
    const term = this.#terms[index - this.#base.index - 1] as Term
    this.#terms.splice(0, index - this.#base.index)
    this.#base = { index, term }
    return { mark: markOf(index, term), reset: false }
  }

  #truncation(): LogIndex | undefined {
    const first = Math.max(this.#commitIndex, this.#base.index) + 1
    if (first > this.#last) return undefined
    const from = randomInteger(this.#random, first, this.#last)
    this.#terms.length = from - 1 - this.#base.index
    return from
  }

  #entries(): Entry[] {
    const random = this.#random
    return Array.from({ length: randomInteger(random, 0, 4) }, () => {
      const bytes = random() < 0.2 ? randomInteger(random, 500, 3000) : randomInteger(random, 0, 60)
      const data = Uint8Array.from({ length: bytes }, () => Math.floor(random() * 256))
      this.#terms.push(this.#term)
      const kind: EntryKind = bytes === 0 ? 'noop' : random() < 0.1 ? 'config' : 'command'
      return { index: this.#last, term: this.#term, kind, data }
    })
  }
}
