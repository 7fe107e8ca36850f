import type { LogRead, Output } from '../core/io.ts'
import type { Message } from '../types.ts'
import { describeCoreEvent } from './core-event.ts'
import { describeEntries } from './entry.ts'
import { describeWrite } from './log.ts'
import { describeSnapshotMark } from './membership.ts'
import { describeMessage } from './message.ts'
import { line, listText, sizeText } from './text.ts'

/** All of it in one line, parts divided by `; `, or `nothing`. */
export function describeOutput(output: Output): string {
  const { send, write, apply, read, restore, wantsSnapshot, events } = output
  const said = [
    listText(events, describeCoreEvent, '; '),
    write === undefined ? '' : describeWrite(write),
    listText(send, (message: Message) => `send ${describeMessage(message)}`, '; '),
    apply.length === 0 ? '' : `apply ${describeEntries(apply)}`,
    listText(read, describeRead, '; '),
    restore === undefined ? '' : `restore ${describeSnapshotMark(restore)}`,
    wantsSnapshot ? 'wants a snapshot' : '',
  ].filter((part) => part !== '')
  return said.length === 0 ? 'nothing' : line(said.join('; '))
}

function describeRead({ readId, from, to, maxBytes }: LogRead): string {
  return `read #${readId} ${from}..${to} up to ${sizeText(maxBytes)}`
}
