import { expect, test } from 'vitest'
import { summarise } from './measure.ts'
import { number, type Report, renderFindings, renderHead, renderTable, verdict } from './report.ts'

const machine = {
  ...{ cores: 2, processor: 'A processor', memoryBytes: 8 * 2 ** 30, system: 'Linux 6 x64' },
  ...{ node: 'v24', loadAtStart: 0.1, busy: false },
}
const round = { operations: 10, wallSeconds: 1, cpuSeconds: 1 }
const report: Report = {
  subject: 'raft',
  startedAt: '2025-01-01T00:00:00.000Z',
  command: 'pnpm bench raft',
  machine,
  commit: { hash: '0123456789abcdef', modified: false },
  pace: { seconds: 3, rounds: 7 },
  options: {},
  tables: [{ title: 'Speed', columns: ['case', 'rate'], rows: [['a', '10']] }],
  verdicts: [verdict('a', 10, 'things/s', { atLeast: 20 })],
  notes: ['A note.'],
  measurements: [summarise('a', 'things', [round])],
  figures: {},
}

test('words stand left, figures right', () => {
  const rows = [
    ['short', '1'],
    ['much longer', '1,000'],
  ]
  expect(renderTable({ title: 'T', columns: ['what', 'n'], rows })).toBe(
    [
      'T',
      'what             n',
      '------------------',
      'short            1',
      'much longer  1,000',
    ].join('\n'),
  )
})

test('the head says where the figures come from', () => {
  const head = renderHead(report)
  expect(head).toContain('bench raft at 0123456789ab\n')
  expect(head).toContain('2 cores (A processor), 8 GiB, Linux 6 x64, Node v24')
  expect(head).toContain('7 interleaved rounds, 3 s for each case')
  expect(head).not.toContain('busy')
})

test('a changed tree and a busy machine are said', () => {
  const head = renderHead({
    ...report,
    commit: { hash: undefined, modified: true },
    machine: { ...machine, loadAtStart: 1.5, busy: true },
  })
  expect(head).toContain('at no commit with changes')
  expect(head).toContain('! The machine was busy when this began (load 1.50)')
})

test('targets are at the end, before the notes, met or missed', () => {
  const text = renderFindings(report)
  expect(text).toMatch(/a +10\.0 things\/s +at least 20\.0 things\/s +MISSED/)
  expect(text.indexOf('Speed')).toBeLessThan(text.indexOf('Targets'))
  expect(text.endsWith('A note.')).toBe(true)
})

test('a target is met at its limit, from either side', () => {
  expect(verdict('a', 20, '', { atLeast: 20 }).met).toBe(true)
  expect(verdict('a', 19.9, '', { atLeast: 20 }).met).toBe(false)
  expect(verdict('a', 20, '', { atMost: 20 }).met).toBe(true)
  expect(verdict('a', 20.1, '', { atMost: 20 }).met).toBe(false)
})

test('as JSON nothing is lost', () => {
  expect(JSON.parse(JSON.stringify(report))).toMatchObject({
    subject: 'raft',
    commit: { hash: '0123456789abcdef', modified: false },
    machine: { cores: 2, loadAtStart: 0.1 },
    verdicts: [{ what: 'a', value: 10, limit: { atLeast: 20 }, met: false }],
    measurements: [{ name: 'a', perSecond: { median: 10, least: 10, most: 10 }, rounds: [round] }],
  })
})

test.each([
  [0, '0.00'],
  [0.12345, '0.123'],
  [1.2345, '1.23'],
  [12.345, '12.3'],
  [123.45, '123'],
  [1234.5, '1,235'],
  [1_234_567, '1,235,000'],
  [Number.NaN, 'NaN'],
])('%f is written %s', (value, text) => {
  expect(number(value)).toBe(text)
})
