import type { HardState, KnownPeer, LogBase, LogWrite, RestoredLog } from '../types.ts'
import { describeEntries } from './entry.ts'
import { describeGenesis, describeSnapshotMark } from './membership.ts'
import { line, listText, nameText, parts, shortId } from './text.ts'

/** `term 5, voted for n2, commit 9` */
export function describeHardState(state: HardState): string {
  const vote = state.votedFor === undefined ? 'no vote' : `voted for ${nameText(state.votedFor)}`
  return line(`term ${state.term}, ${vote}, commit ${state.commitIndex}`)
}

/** `write 7: truncate from 11, 2 entries 11@5..12@5 of 30 bytes, term 5, no vote, commit 9` */
export function describeWrite(write: LogWrite): string {
  const { id, genesis, base, truncateFrom, entries, hardState, peers } = write
  const said = parts(
    genesis && describeGenesis(genesis),
    base && baseText(base),
    truncateFrom === undefined ? '' : `truncate from ${truncateFrom}`,
    entries.length === 0 ? '' : describeEntries(entries),
    hardState && describeHardState(hardState),
    peersText(peers),
  )
  return line(`write ${id}: ${said === '' ? 'nothing' : said}`)
}

/** What a log was when it was opened. */
export function describeRestoredLog(log: RestoredLog): string {
  const { genesis, incarnation, hardState, base, firstIndex, lastIndex, peers } = log
  return line(
    parts(
      genesis === undefined ? 'of no cluster yet' : describeGenesis(genesis),
      `incarnation ${shortId(incarnation)}`,
      describeHardState(hardState),
      `base ${describeSnapshotMark(base)}`,
      firstIndex > lastIndex ? 'no entries' : `entries ${firstIndex}..${lastIndex}`,
      peersText(peers),
    ),
  )
}

function baseText({ mark, reset }: LogBase): string {
  return `${reset ? 'begin anew' : 'compact'} behind ${describeSnapshotMark(mark)}`
}

function peersText(peers: readonly KnownPeer[]): string {
  if (peers.length === 0) return ''
  const one = ({ id, incarnation }: KnownPeer) => `${nameText(id)} ${shortId(incarnation)}`
  return `knows ${listText(peers, one, ', ')}`
}
