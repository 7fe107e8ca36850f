/** etcd's one-line descriptions of what a core gives out. */
import { changesText, confStateText } from '../membership-text.ts'
import { decodeMembershipChange, type Entry, type SnapshotMark } from '../raft-core.ts'
import type { Target, WireMessage } from './wire.ts'

/** What is in the context of a change that was proposed in etcd's older form. */
export const V1_CONTEXT: Uint8Array = new TextEncoder().encode('v1')

export interface SoftState {
  readonly leader: number
  readonly role: string
}

export interface HardStateNumbers {
  readonly term: number
  readonly vote: number
  readonly commit: number
}

/** Everything that a node has for its embedder at once. */
export interface Ready {
  readonly softState: SoftState | undefined
  readonly hardState: HardStateNumbers | undefined
  readonly entries: readonly Entry[]
  readonly snapshot: SnapshotMark | undefined
  readonly committed: readonly Entry[]
  readonly messages: readonly WireMessage[]
  readonly mustSync: boolean
}

export function describeReady(ready: Ready): readonly string[] {
  const lines: string[] = []
  const { softState, hardState, entries, snapshot, committed, messages } = ready
  if (softState !== undefined) lines.push(`Lead:${softState.leader} State:${softState.role}`)
  if (hardState !== undefined) lines.push(`HardState ${describeHardState(hardState)}`)
  if (entries.length > 0) lines.push('Entries:', ...entries.map(describeEntry))
  if (snapshot !== undefined) lines.push(`Snapshot ${describeSnapshot(snapshot)}`)
  if (committed.length > 0) lines.push('CommittedEntries:', ...committed.map(describeEntry))
  if (messages.length > 0) lines.push('Messages:', ...messages.flatMap((m) => describeMessage(m)))
  return lines.length === 0 ? ['<empty Ready>'] : [`Ready MustSync=${ready.mustSync}:`, ...lines]
}

export function describeMessage(message: WireMessage, indent = ''): readonly string[] {
  const { type, term, logTerm, index, commit, vote, entries, snapshot, responses } = message
  const way = `${describeTarget(message.from)}->${describeTarget(message.to)}`
  let text = `${indent}${way} ${type} Term:${term} Log:${logTerm}/${index}`
  if (message.isReject) text += ` Rejected (Hint: ${message.rejectHint})`
  if (commit !== 0) text += ` Commit:${commit}`
  if (vote !== 0) text += ` Vote:${vote}`
  if (entries.length === 1) text += ` Entries:[${entries.map(describeEntry).join('')}]`
  else if (entries.length > 1) {
    const list = entries.map((entry) => `\n${indent}  ${describeEntry(entry)}`)
    text += ` Entries:[${list.join('')}\n${indent}]`
  }
  if (snapshot !== undefined) text += `\n${indent}  Snapshot: ${describeSnapshot(snapshot)}`
  if (responses.length > 0) {
    const list = responses.flatMap((response) => describeMessage(response, `${indent}  `))
    text += ` Responses:[\n${list.join('\n')}\n${indent}]`
  }
  return text.split('\n')
}

export function describeEntry(entry: Entry): string {
  const { type, text } = contentOf(entry)
  return `${entry.term}/${entry.index} ${type}${text === '' ? '' : ` ${text}`}`
}

function contentOf({ kind, data }: Entry): { type: string; text: string } {
  if (kind !== 'config') return { type: 'EntryNormal', text: quoted(data) }
  const { changes, context } = decodeMembershipChange(data)
  const isV1 = new TextDecoder().decode(context) === 'v1'
  return { type: isV1 ? 'EntryConfChange' : 'EntryConfChangeV2', text: changesText(changes) }
}

function describeHardState({ term, vote, commit }: HardStateNumbers): string {
  return `Term:${term}${vote === 0 ? '' : ` Vote:${vote}`} Commit:${commit}`
}

function describeSnapshot({ index, term, membership }: SnapshotMark): string {
  return `Index:${index} Term:${term} ConfState:${confStateText(membership)}`
}

function describeTarget(target: Target): string {
  return typeof target === 'string' ? target : target.toString(16)
}

/** As Go quotes a string of printable characters. */
function quoted(data: Uint8Array): string {
  return JSON.stringify(new TextDecoder().decode(data))
}
