import { expect, test } from 'vitest'
import type { StatusRow } from './status-row.ts'
import { statusTable } from './status-table.ts'

const up: StatusRow = {
  id: 'n1',
  address: 'http://localhost:3001',
  pid: 41,
  role: 'leader',
  ready: true,
  term: 3,
  commitIndex: 12,
  appliedIndex: 12,
  durableIndex: 11,
  hashIndex: 12,
  stateHash: 'ab'.repeat(8),
  logSizeBytes: 3 * 2 ** 20,
  clockOffsetMs: -3,
  featureLevel: 2,
  supportedFeatureLevel: 2,
}
const follower: StatusRow = { ...up, id: 'n2', role: 'follower' }
const down: StatusRow = { ...up, id: 'n3', role: 'unreachable', pid: null, stateHash: '' }

test('a healthy cluster', () => {
  const text = statusTable([up, follower]).join('\n')
  expect(text).toMatch(
    /n1 +http:\/\/localhost:3001 +41 +leader +3 +12 +12 +11 +(ab){8} @12 +2 +3.0 MiB/,
  )
  // Nothing is to be said but the table.
  expect(text.split('\n')).toHaveLength(3)
})

test('a node that knows rules which the others are waited for', () => {
  const [, line] = statusTable([{ ...up, featureLevel: 1 }])
  expect(line).toContain('1 of 2')
})

test.each([
  [[up, follower, down], '1 of 3 nodes do not answer; the others go on selling'],
  [[up, down, { ...down, id: 'n4' }], 'Only 1 of 3 nodes answer: too few to agree'],
  [[follower, { ...follower, id: 'n3' }], 'Nobody leads at the moment'],
  [[up, { ...follower, clockOffsetMs: 61_234 }], 'The clock of n2 is 61.2 s ahead of the majority'],
  [[up, { ...follower, stateHash: 'cd'.repeat(8) }], 'different states at the same index'],
])('what is wrong is said', (rows, sentence) => {
  expect(statusTable(rows).join('\n')).toContain(sentence)
})
