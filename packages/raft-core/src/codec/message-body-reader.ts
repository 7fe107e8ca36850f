/** Reads the `body` of a `Message`. */
import { DecodeError } from '../errors.ts'
import type { Entry, Message, NodeId, Term } from '../types.ts'
import { decodeEntry } from './entry.ts'
import { BODY } from './message-body.ts'
import type { Reader } from './reader.ts'

/** The message in body `field`; the caller has made sure that it is one of `BODY`. */
export function readBody(
  field: number,
  reader: Reader,
  from: NodeId,
  to: NodeId,
  term: Term,
): Message | undefined {
  if (field === BODY.appendEntries) return readAppendEntries(reader, from, to, term)
  // All other bodies have a few integers, in fields 1 to 5.
  const values = readIntegers(reader)
  const [, one = 0, two = 0, three = 0, four = 0, five = 0] = values
  switch (field) {
    case BODY.requestVote:
      return {
        type: 'requestVote',
        from,
        to,
        term,
        preVote: one !== 0,
        lastLogIndex: two,
        lastLogTerm: three,
        transfer: four !== 0,
      }
    case BODY.requestVoteReply:
      return { type: 'requestVoteReply', from, to, term, preVote: one !== 0, granted: two !== 0 }
    case BODY.appendEntriesReply:
      return {
        type: 'appendEntriesReply',
        from,
        to,
        term,
        success: one !== 0,
        matchIndex: two,
        hintIndex: three,
        hintTerm: four,
        readSequence: five,
      }
    case BODY.timeoutNow:
      return { type: 'timeoutNow', from, to, term }
    case BODY.readIndexRequest:
      return { type: 'readIndexRequest', from, to, term, readId: one }
    case BODY.readIndexReply:
      return { type: 'readIndexReply', from, to, term, readId: one, readIndex: two }
    default:
      return undefined
  }
}

function readIntegers(reader: Reader): number[] {
  const values = [0, 0, 0, 0, 0, 0]
  while (reader.more()) {
    const tag = reader.tag()
    const field = tag >>> 3
    if ((tag & 7) === 0 && field <= 5) values[field] = reader.integer(`field ${field}`)
    else reader.skip()
  }
  return values
}

function readAppendEntries(reader: Reader, from: NodeId, to: NodeId, term: Term): Message {
  let prevLogIndex = 0
  let prevLogTerm = 0
  let leaderCommit = 0
  let readSequence = 0
  const entries: Entry[] = []
  while (reader.more()) {
    switch (reader.tag()) {
      case 0x08:
        prevLogIndex = reader.integer('prev_log_index')
        break
      case 0x10:
        prevLogTerm = reader.integer('prev_log_term')
        break
      case 0x1a:
        entries.push(decodeEntry(reader.bytes('entries'), `${reader.place}.entries`))
        break
      case 0x20:
        leaderCommit = reader.integer('leader_commit')
        break
      case 0x28:
        readSequence = reader.integer('read_sequence')
        break
      default:
        reader.skip()
    }
  }
  checkEntries(reader.place, prevLogIndex, prevLogTerm, entries, term)
  return {
    type: 'appendEntries',
    from,
    to,
    term,
    prevLogIndex,
    prevLogTerm,
    entries,
    leaderCommit,
    readSequence,
  }
}

/** What the core takes for granted: no gaps, terms that never decrease, none after the sender's. */
function checkEntries(
  place: string,
  prevLogIndex: number,
  prevLogTerm: Term,
  entries: readonly Entry[],
  term: Term,
): void {
  if ((prevLogIndex === 0) !== (prevLogTerm === 0)) {
    throw new DecodeError(`${place}.prev_log_term`, 'must be 0 exactly when prev_log_index is')
  }
  let lastIndex = prevLogIndex
  let lastTerm = prevLogTerm
  for (const entry of entries) {
    if (entry.index !== lastIndex + 1) {
      throw new DecodeError(`${place}.entries`, `index ${entry.index} behind ${lastIndex}`)
    }
    if (entry.term < lastTerm) {
      throw new DecodeError(`${place}.entries`, `term ${entry.term} behind ${lastTerm}`)
    }
    lastIndex = entry.index
    lastTerm = entry.term
  }
  if (lastTerm > term) throw new DecodeError(`${place}.entries`, 'a term after the sender’s')
}
