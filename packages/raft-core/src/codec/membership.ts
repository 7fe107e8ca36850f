/** `Membership`: who belongs to the group. */
import { DecodeError } from '../errors.ts'
import type { Membership, NodeId } from '../types.ts'
import { checkNodeNames, readName } from './names.ts'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** Throws `RangeError` for a name that no decoder would take. */
export function writeMembership(writer: Writer, membership: Membership): void {
  writeNames(writer, 6, membership.promote)
  writer.bool(5, membership.autoLeave)
  writeNames(writer, 4, membership.learnersNext)
  writeNames(writer, 3, membership.learners)
  writeNames(writer, 2, membership.votersOutgoing)
  writeNames(writer, 1, membership.voters)
}

/** Throws `DecodeError`, also when the lists contradict each other. */
export function readMembership(reader: Reader): Membership {
  const voters: NodeId[] = []
  const votersOutgoing: NodeId[] = []
  const learners: NodeId[] = []
  const learnersNext: NodeId[] = []
  const promote: NodeId[] = []
  let autoLeave = false
  while (reader.more()) {
    const tag = reader.tag()
    if (tag === 0x0a) voters.push(readName(reader, 'voters'))
    else if (tag === 0x12) votersOutgoing.push(readName(reader, 'voters_outgoing'))
    else if (tag === 0x1a) learners.push(readName(reader, 'learners'))
    else if (tag === 0x22) learnersNext.push(readName(reader, 'learners_next'))
    else if (tag === 0x28) autoLeave = reader.bool('auto_leave')
    else if (tag === 0x32) promote.push(readName(reader, 'promote'))
    else reader.skip()
  }
  const membership = { voters, votersOutgoing, learners, learnersNext, autoLeave, promote }
  checkMembership(membership, reader.place)
  return membership
}

function writeNames(writer: Writer, field: number, names: readonly NodeId[]): void {
  checkNodeNames(names, `Membership, field ${field}`)
  for (let i = names.length - 1; i >= 0; i--) writer.string(field, names[i] as NodeId)
}

function checkMembership(membership: Membership, place: string): void {
  const { voters, votersOutgoing, learners, learnersNext, promote } = membership
  checkSorted(voters, `${place}.voters`)
  checkSorted(votersOutgoing, `${place}.voters_outgoing`)
  checkSorted(learners, `${place}.learners`)
  checkSorted(learnersNext, `${place}.learners_next`)
  checkSorted(promote, `${place}.promote`)
  const learning = new Set(learners)
  for (const voter of [...voters, ...votersOutgoing]) {
    if (learning.has(voter)) throw new DecodeError(`${place}.learners`, `${voter} is a voter`)
  }
  checkPartOf(learnersNext, new Set(votersOutgoing), `${place}.learners_next`)
  checkPartOf(promote, learning, `${place}.promote`)
}

function checkSorted(names: readonly NodeId[], place: string): void {
  for (let i = 1; i < names.length; i++) {
    if ((names[i - 1] as NodeId) >= (names[i] as NodeId)) {
      throw new DecodeError(place, 'must be sorted, and no name there twice')
    }
  }
}

function checkPartOf(names: readonly NodeId[], whole: ReadonlySet<NodeId>, place: string): void {
  for (const name of names) {
    if (!whole.has(name)) throw new DecodeError(place, `${name} is in the wrong list`)
  }
}
