import type { Input } from '../core/io.ts'
import { describeEntries } from './entry.ts'
import { describeMembershipChange, describeSnapshotMark } from './membership.ts'
import { describeMessage } from './message.ts'
import { bytesText, line, listText, nameText, shortId } from './text.ts'

/** What a core was told: `tick`, `message n1 -> n2 term 5: ...`, `propose #3 "set x"`, ... */
export function describeInput(input: Input): string {
  const said = inputText(input)
  return line(said === '' ? input.type : `${input.type} ${said}`)
}

function inputText(input: Input): string {
  switch (input.type) {
    case 'tick':
    case 'campaign':
    case 'forgetLeader':
    case 'abortTransfer':
    case 'confirmLeadership':
      return ''
    case 'message':
      return input.incarnation === undefined
        ? describeMessage(input.message)
        : `(${shortId(input.incarnation)}) ${describeMessage(input.message)}`
    case 'propose':
      return `#${input.id} ${listText(input.commands, bytesText, ', ')}`
    case 'readIndex':
      return `#${input.id}`
    case 'transferLeadership':
      return `#${input.id} to ${input.to === undefined ? 'anybody' : nameText(input.to)}`
    case 'appended':
      return `write ${input.writeId}`
    case 'applied':
    case 'compact':
    case 'restored':
      return `${input.index}`
    case 'entriesRead':
      return `#${input.readId} ${describeEntries(input.entries)}`
    case 'peerLost':
    case 'unreachable':
      return nameText(input.peer)
    case 'changeMembership': {
      const condition = input.ifConfig === undefined ? '' : `, if config ${input.ifConfig}`
      return `#${input.id} ${describeMembershipChange(input.change)}${condition}`
    }
    case 'snapshotSaved':
      return describeSnapshotMark(input.mark)
    case 'snapshotDelivery':
      return `${nameText(input.peer)} ${input.succeeded ? 'succeeded' : 'failed'}`
  }
}
