import { expect, test } from 'vitest'
import { subjects } from '../subjects.ts'
import { parseRecord, recordHelp } from './options.ts'
import { inHours } from './orders.ts'

const namesOf = (...words: string[]) => parseRecord(words).orders.map(({ name }) => name)

test('without a feed what needs one is left out, and that is said', () => {
  const said: string[] = []
  const { orders } = parseRecord([], (line) => said.push(line))
  expect(said).toEqual(['Left out without --feed PATH: search, search-follower, day'])
  expect(orders.map(({ name }) => name)).toContain('cluster')
  expect(namesOf('--feed', import.meta.dirname)).toContain('search-follower')
})

test('every subject but that in virtual time is measured, and no other', () => {
  const { orders } = parseRecord(['--feed', import.meta.dirname])
  const measured = new Set(orders.map(({ subject }) => subject))
  expect([...measured, 'window'].sort()).toEqual(Object.keys(subjects).sort())
})

test('each gets the options that it has', async () => {
  const words = ['--feed', import.meta.dirname, '--folder', import.meta.dirname, '--full', 'yes']
  for (const { subject, words: own } of parseRecord(words).orders) {
    const { options = {} } = (await subjects[subject]?.load()) ?? {}
    for (const word of own.filter((one) => one.startsWith('--')))
      expect([...Object.keys(options), 'only']).toContain(word.slice(2))
  }
})

test('some of them, by name, also when they are there already', () => {
  expect(parseRecord(['--only', 'size'])).toMatchObject({ again: true, waitMinutes: 5 })
  expect(namesOf('--only', 'size,wal')).toEqual(['size', 'wal'])
  expect(parseRecord(['--seconds', '1', '--rounds', '2']).pace).toEqual([
    ...['--seconds', '1', '--rounds', '2'],
  ])
})

test('those of some that are not there yet', () => {
  expect(parseRecord(['--only', 'calm', '--resume', 'yes']).again).toBe(false)
  expect(parseRecord(['--resume', 'yes']).again).toBe(false)
})

test('the hour of full load and the faults are orders of their own', () => {
  const wordsOf = (...words: string[]) =>
    Object.fromEntries(parseRecord(words).orders.map(({ name, words: own }) => [name, own]))
  const full = wordsOf('--full', 'yes')
  expect(full.calm).toEqual([
    ...['--kills', '0', '--pauses', '0', '--cuts', '0', '--calm-minutes', '60'],
  ])
  expect(full.failover).toEqual([
    ...['--calm-minutes', '0', '--kills', '100', '--pauses', '20', '--cuts', '20'],
  ])
  expect(wordsOf().failover).toEqual(['--calm-minutes', '0'])
  expect(wordsOf().cluster).toContain('--rate')
})

test('the help says how long each takes, and all of them', () => {
  for (const { name } of parseRecord(['--feed', import.meta.dirname]).orders)
    expect(recordHelp).toMatch(new RegExp(`^  ${name}( \\*)? +(\\d+ min|seconds)`, 'm'))
  expect(recordHelp).toContain('  calm              2 min (1 h 2 min)\n')
  expect(recordHelp).toMatch(/^ {2}all of them +\d+ min \(\d h \d+ min\)$/m)
  expect([0.1, 60, 97].map(inHours)).toEqual(['seconds', '1 h', '1 h 37 min'])
})

test.each([
  [['--resume', 'perhaps'], /^--resume is yes or no\.$/],
  [['--only', 'nothing'], /^--only: "nothing" is none of raft, wal, fsm/],
  [['--only', 'search'], /^search needs --feed PATH\.$/],
  [['--feed', 'nowhere'], /^--feed: nowhere is not there\.$/],
  [['--wait-minutes', 'long'], /^--wait-minutes is a number/],
  [['--full', 'very'], /^--full is yes or no\.$/],
  [['--fast', 'yes'], /^bench record: Unknown option '--fast'\.\n/],
  [['cluster'], /^bench record: Unexpected argument 'cluster'\.\n/],
])('%j is a mistake', (words, sentence) => {
  expect(() => parseRecord(words)).toThrow(sentence)
})
