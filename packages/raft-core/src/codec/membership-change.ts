/** `MembershipChange`: the data of an entry of kind `config`. */
import { DecodeError } from '../errors.ts'
import type { MemberChange, MembershipChange, MembershipTransition } from '../types.ts'
import { checkNodeNames, readName } from './names.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const CHANGE_TYPES = ['addVoter', 'addLearner', 'remove', 'update'] as const
const TRANSITIONS = ['auto', 'jointImplicit', 'jointExplicit'] as const

/**
 * Throws `RangeError` for a name that is not of 1 to 64 bytes: such an entry would stop every node
 * that applies it.
 */
export function encodeMembershipChange(change: MembershipChange): Uint8Array {
  const writer = new Writer(32 + 80 * change.changes.length + change.context.length)
  if (change.context.length > 0) writer.bytes(3, change.context)
  writer.integer(2, TRANSITIONS.indexOf(change.transition) + 1)
  for (let i = change.changes.length - 1; i >= 0; i--) {
    const before = writer.length
    writeStep(writer, change.changes[i] as MemberChange)
    writer.close(1, before)
  }
  return writer.finish()
}

/** Throws `DecodeError`. The context shares memory with `bytes`, which must not change afterwards. */
export function decodeMembershipChange(
  bytes: Uint8Array,
  place = 'MembershipChange',
): MembershipChange {
  const reader = new Reader(bytes, 0, bytes.length, place)
  const changes: MemberChange[] = []
  let transition = 0
  let context = bytes.subarray(0, 0)
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) changes.push(readStep(reader.message(`changes[${changes.length}]`)))
    else if (tag === 0x10) transition = reader.integer('transition')
    else if (tag === 0x1a) context = reader.bytes('context')
    else reader.skip()
  }
  return { changes, transition: transitionOf(transition, place), context }
}

function transitionOf(number: number, place: string): MembershipTransition {
  const transition = TRANSITIONS[number - 1]
  if (transition === undefined) {
    throw new DecodeError(`${place}.transition`, `unknown transition ${number}`)
  }
  return transition
}

function writeStep(writer: Writer, step: MemberChange): void {
  checkNodeNames([step.id], 'MemberChange.id')
  writer.bool(3, step.promote === true)
  writer.string(2, step.id)
  writer.integer(1, CHANGE_TYPES.indexOf(step.type) + 1)
}

function readStep(reader: Reader): MemberChange {
  let number = 0
  let id = ''
  let promote = false
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x08) number = reader.integer('type')
    else if (tag === 0x12) id = readName(reader, 'id')
    else if (tag === 0x18) promote = reader.bool('promote')
    else reader.skip()
  }
  const type = CHANGE_TYPES[number - 1]
  if (type === undefined) throw new DecodeError(`${reader.place}.type`, `unknown type ${number}`)
  if (id === '') throw new DecodeError(`${reader.place}.id`, 'is missing')
  return promote ? { type, id, promote } : { type, id }
}
