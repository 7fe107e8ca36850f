/**
 * What a leader tells a follower only so that it knows what is committed can wait a moment: whoever asked for it is answered
 * by the leader. A moment later there are often entries to send, which say the same; then one message to each follower, one
 * answer from each and the work behind them are saved, just while the answer is on its way. Whatever else goes to
 * that follower takes the news along.
 */
import type { Clock, Timer } from '../ports.ts'
import type { AppendEntries, LogIndex, Message, NodeId, Term } from '../types.ts'

/** What a follower was last told of. */
interface Told {
  readonly term: Term
  readonly commit: LogIndex
  readonly readSequence: number
}

export class CommitNews {
  readonly #clock: Clock
  readonly #waitMs: number
  readonly #sendAll: (news: ReadonlyMap<NodeId, AppendEntries>) => void
  readonly #told = new Map<NodeId, Told>()
  #waiting = new Map<NodeId, AppendEntries>()
  #timer: Timer | undefined = undefined

  constructor(
    clock: Clock,
    waitMs: number,
    sendAll: (news: ReadonlyMap<NodeId, AppendEntries>) => void,
  ) {
    this.#clock = clock
    this.#waitMs = waitMs
    this.#sendAll = sendAll
  }

  /** What goes to a peer now, of what this turn has for it and of what has waited. */
  pass(to: NodeId, batch: readonly Message[]): readonly Message[] {
    const [only] = batch
    if (batch.length === 1 && only !== undefined && this.#mayWait(to, only)) {
      this.#waiting.set(to, only)
      this.#timer ??= this.#clock.setTimer(this.#waitMs, () => this.#flush())
      return []
    }
    for (const message of batch) this.#note(to, message)
    const news = this.#waiting.get(to)
    if (news === undefined) return batch
    this.#waiting.delete(to)
    if (this.#waiting.size === 0) this.stop()
    return batch.some((message) => saysAll(message, news)) ? batch : [news, ...batch]
  }

  /** What waits is dropped: as a lost message, it is made up for by the next. */
  stop(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#waiting.clear()
  }

  /** News of commits, and nothing else: no probe, no round of reads that waits for it, no founding. */
  #mayWait(to: NodeId, message: Message): message is AppendEntries {
    if (message.type !== 'appendEntries' || message.entries.length > 0) return false
    const told = this.#told.get(to)
    if (told === undefined || told.term !== message.term || message.genesis !== undefined) {
      return false
    }
    return message.leaderCommit > told.commit && message.readSequence <= told.readSequence
  }

  #note(to: NodeId, message: Message): void {
    if (message.type !== 'appendEntries' && message.type !== 'heartbeat') return
    const { term, leaderCommit: commit, readSequence } = message
    this.#told.set(to, { term, commit, readSequence })
  }

  #flush(): void {
    this.#timer = undefined
    const news = this.#waiting
    this.#waiting = new Map()
    for (const [to, message] of news) this.#note(to, message)
    this.#sendAll(news)
  }
}

/** Whoever takes this message knows what `news` says as well. */
function saysAll(message: Message, news: AppendEntries): boolean {
  return (
    message.type === 'appendEntries' &&
    message.term === news.term &&
    message.prevLogIndex >= news.prevLogIndex &&
    message.leaderCommit >= news.leaderCommit
  )
}
