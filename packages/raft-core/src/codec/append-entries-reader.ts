/** Reads `AppendEntries`, and refuses entries that no sound leader sends. */
import { DecodeError } from '../errors.ts'
import type { AppendEntries, Entry, Genesis, NodeId, Term } from '../types.ts'
import { readEntry } from './entry.ts'
import { decodeMembershipChange } from './membership-change.ts'
import type { Reader } from './reader.ts'
import { readGenesis } from './records.ts'

export function readAppendEntries(
  reader: Reader,
  from: NodeId,
  to: NodeId,
  term: Term,
): AppendEntries {
  let prevLogIndex = 0
  let prevLogTerm = 0
  let leaderCommit = 0
  let readSequence = 0
  let genesis: Genesis | undefined
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
        entries.push(readEntry(reader.message('entries')))
        break
      case 0x20:
        leaderCommit = reader.integer('leader_commit')
        break
      case 0x28:
        readSequence = reader.integer('read_sequence')
        break
      case 0x32:
        genesis = readGenesis(reader.message('genesis'))
        break
      default:
        reader.skip()
    }
  }
  checkEntries(reader, prevLogIndex, prevLogTerm, entries, term)
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
    genesis,
  }
}

/**
 * What the core takes for granted: no gaps, terms that never decrease, none after the sender's, and
 * changes of the membership that can be read when their turn to be applied comes.
 */
function checkEntries(
  reader: Reader,
  prevLogIndex: number,
  prevLogTerm: Term,
  entries: readonly Entry[],
  term: Term,
): void {
  if ((prevLogIndex === 0) !== (prevLogTerm === 0)) {
    throw new DecodeError(
      `${reader.place}.prev_log_term`,
      'must be 0 exactly when prev_log_index is',
    )
  }
  let lastIndex = prevLogIndex
  let lastTerm = prevLogTerm
  for (const entry of entries) {
    if (entry.index !== lastIndex + 1) {
      throw new DecodeError(`${reader.place}.entries`, `index ${entry.index} behind ${lastIndex}`)
    }
    if (entry.term < lastTerm) {
      throw new DecodeError(`${reader.place}.entries`, `term ${entry.term} behind ${lastTerm}`)
    }
    if (entry.kind === 'config') decodeMembershipChange(entry.data, `${reader.place}.entries.data`)
    lastIndex = entry.index
    lastTerm = entry.term
  }
  if (lastTerm > term) throw new DecodeError(`${reader.place}.entries`, 'a term after the sender’s')
}
