import { decodeMembershipChange } from '../codec/membership-change.ts'
import { DecodeError } from '../errors.ts'
import type { Entry } from '../types.ts'
import { describeMembershipChange } from './membership.ts'
import { at, bytesText, line, sizeText } from './text.ts'

/** `11@5 command "set x"`, `12@5 noop`, `13@5 config addVoter n4 (auto)` */
export function describeEntry(entry: Entry): string {
  const where = at(entry.index, entry.term)
  switch (entry.kind) {
    case 'command':
      return line(`${where} command ${bytesText(entry.data)}`)
    case 'noop':
      return `${where} noop`
    case 'config':
      return line(`${where} config ${configText(entry.data)}`)
  }
}

/** `3 entries 11@5..13@6 of 120 bytes`: the first, the last, and the size of what they carry. */
export function describeEntries(entries: readonly Entry[]): string {
  const first = entries[0]
  const last = entries.at(-1)
  if (first === undefined || last === undefined) return 'no entries'
  if (entries.length === 1) return `1 entry ${describeEntry(first)}`
  let size = 0
  for (const { data } of entries) size += data.length
  const range = `${at(first.index, first.term)}..${at(last.index, last.term)}`
  return `${entries.length} entries ${range} of ${sizeText(size)}`
}

/** A description must not fail where what it describes is the fault. */
function configText(data: Uint8Array): string {
  try {
    return describeMembershipChange(decodeMembershipChange(data))
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error
    return `that can not be read: ${bytesText(data)}`
  }
}
