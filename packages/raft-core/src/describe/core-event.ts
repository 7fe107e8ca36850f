import type { CoreEvent } from '../core/io.ts'
import type { NodeId } from '../types.ts'
import { describeMembership } from './membership.ts'
import { at, line, nameText, shortId } from './text.ts'

/** `roleChanged leader in term 5`, `readReady #7 at 12`, ... */
export function describeCoreEvent(event: CoreEvent): string {
  return line(`${event.type} ${eventText(event)}`)
}

function eventText(event: CoreEvent): string {
  switch (event.type) {
    case 'proposed':
      return proposedText(event)
    case 'readReady':
      return `#${event.id} at ${event.index}`
    case 'readFailed':
      return `#${event.id} ${event.reason}`
    case 'transferEnded':
      return `#${event.id} ${event.result}, ${leaderText(event.leader)}`
    case 'membershipProposed':
      return event.refusal === undefined
        ? `#${event.id} ${at(event.index, event.term)}`
        : `#${event.id} refused: ${event.refusal}`
    case 'membershipChanged':
      return `config ${event.configIndex}, ${describeMembership(event.membership)}`
    case 'roundStarted':
    case 'roundConfirmed':
      return `${event.sequence}`
    case 'compacted':
      return `${event.index}`
    case 'snapshotOffered':
      return `${event.index} to ${nameText(event.peer)}`
    case 'roleChanged':
      return `${event.role} in term ${event.term}`
    case 'leaderChanged':
      return `${leaderText(event.leader)} in term ${event.term}`
    case 'steppedDown':
      return `in term ${event.term}: ${event.reason}`
    case 'peerSetApart':
      return `${nameText(event.peer)} ${shortId(event.incarnation)}`
  }
}

function proposedText(event: Extract<CoreEvent, { readonly type: 'proposed' }>): string {
  const { id, accepted, firstIndex, term, refusal } = event
  const taken =
    accepted === 0 ? 'none accepted' : `${accepted} accepted from ${at(firstIndex, term)}`
  return `#${id} ${taken}${refusal === undefined ? '' : `, others refused: ${refusal}`}`
}

function leaderText(leader: NodeId | undefined): string {
  return leader === undefined ? 'no leader' : `leader ${nameText(leader)}`
}
