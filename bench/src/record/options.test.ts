import { expect, test } from 'vitest'
import { subjects } from '../subjects.ts'
import { parseRecord } from './options.ts'

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

test.each([
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
