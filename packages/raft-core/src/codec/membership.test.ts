import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { marks, membershipChanges } from '../../test/arbitrary-messages.ts'
import { markAt, membershipOf } from '../../test/message-defaults.ts'
import {
  decodeMembershipChange,
  decodeSnapshotMark,
  encodeMembershipChange,
  encodeSnapshotMark,
  isNodeName,
} from '../codec.ts'
import type { Membership, SnapshotMark } from '../types.ts'

const NONE = new Uint8Array(0)

/** Where the decoder finds fault with `bytes`. */
function place(decode: (bytes: Uint8Array) => unknown, bytes: Uint8Array): string {
  try {
    decode(bytes)
  } catch (error) {
    return (error as { place: string }).place
  }
  return 'nowhere'
}

describe('round trips', () => {
  it('a membership change is the same', () => {
    fc.assert(
      fc.property(membershipChanges, (change) => {
        expect(decodeMembershipChange(encodeMembershipChange(change))).toEqual(change)
      }),
    )
  })

  it('a snapshot mark is the same, with whatever membership', () => {
    fc.assert(
      fc.property(marks, (mark) => {
        expect(decodeSnapshotMark(encodeSnapshotMark(mark))).toEqual(mark)
      }),
      { numRuns: 500 },
    )
  })

  it('equal marks have equal bytes, so that a log can compare them', () => {
    const mark = markAt(7, 2, { configIndex: 3 })
    expect(encodeSnapshotMark(structuredClone(mark))).toEqual(encodeSnapshotMark(mark))
  })
})

describe('a mark whose parts contradict each other is refused', () => {
  const refused = (fields: Partial<SnapshotMark>) =>
    place(decodeSnapshotMark, encodeSnapshotMark({ ...markAt(5, 2), ...fields }))

  it('for its term', () => {
    expect(refused({ term: 0 })).toBe('SnapshotMark.term')
    expect(refused({ index: 0, configIndex: 0 })).toBe('SnapshotMark.term')
  })

  it('for a configuration behind its index', () => {
    expect(refused({ configIndex: 6 })).toBe('SnapshotMark.config_index')
    expect(refused({ configIndex: 5 })).toBe('nowhere')
  })

  it('when nobody can vote, except at the very beginning', () => {
    expect(refused({ membership: membershipOf([]) })).toBe('SnapshotMark.membership.voters')
    expect(refused({ index: 0, term: 0, membership: membershipOf([]) })).toBe('nowhere')
  })

  it('without a membership', () => {
    expect(place(decodeSnapshotMark, Uint8Array.of(0x08, 5, 0x10, 2))).toBe(
      'SnapshotMark.membership',
    )
  })
})

describe('a membership whose lists contradict each other is refused', () => {
  it.each<[string, Partial<Membership>, string]>([
    ['not sorted', { voters: ['n2', 'n1'] }, 'voters'],
    ['with a name twice', { voters: ['n1', 'n1'] }, 'voters'],
    ['with unsorted learners', { learners: ['n9', 'n8'] }, 'learners'],
    ['with a learner that votes', { learners: ['n1'] }, 'learners'],
    ['with a learner that still votes', { votersOutgoing: ['n4'], learners: ['n4'] }, 'learners'],
    ['with a next learner that was no voter', { learnersNext: ['n4'] }, 'learners_next'],
    ['that promotes one who is no learner', { promote: ['n1'] }, 'promote'],
  ])('%s', (_, fields, list) => {
    const membership = membershipOf(['n1', 'n2'], fields)
    const bytes = encodeSnapshotMark(markAt(5, 2, { membership }))
    expect(place(decodeSnapshotMark, bytes)).toBe(`SnapshotMark.membership.${list}`)
  })
})

describe('a membership change that nobody could apply', () => {
  const change = (id: string) => ({
    changes: [{ type: 'addVoter' as const, id }],
    transition: 'auto' as const,
    context: NONE,
  })

  it.each([
    ['empty', ''],
    ['of 65 bytes', 'a'.repeat(65)],
    ['of 33 characters and 66 bytes', 'ü'.repeat(33)],
    ['with half a surrogate pair', 'n\ud800'],
  ])('is not encoded: a name %s', (_, id) => {
    expect(isNodeName(id)).toBe(false)
    expect(() => encodeMembershipChange(change(id))).toThrow(RangeError)
    expect(() => encodeSnapshotMark(markAt(1, 1, { membership: membershipOf([id]) }))).toThrow(
      RangeError,
    )
  })

  it('a name of 64 bytes is', () => {
    expect(isNodeName('a'.repeat(64))).toBe(true)
    expect(isNodeName('ü'.repeat(32))).toBe(true)
    const long = change('ü'.repeat(32))
    expect(decodeMembershipChange(encodeMembershipChange(long))).toEqual(long)
  })

  it.each([
    ['without a transition', [], 'MembershipChange.transition'],
    ['of an unknown transition', [0x10, 4], 'MembershipChange.transition'],
    ['with a step without a type', [0x0a, 3, 0x12, 1, 0x61], 'MembershipChange.changes[0].type'],
    ['of an unknown type', [0x0a, 2, 0x08, 5], 'MembershipChange.changes[0].type'],
    ['with a step without a name', [0x0a, 2, 0x08, 1], 'MembershipChange.changes[0].id'],
    ['with an empty name', [0x0a, 4, 0x08, 1, 0x12, 0], 'MembershipChange.changes[0].id'],
  ])('is refused by the decoder: %s', (_, bytes, where) => {
    expect(place(decodeMembershipChange, Uint8Array.from(bytes))).toBe(where)
  })
})
