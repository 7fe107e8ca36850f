import { expect, test } from 'vitest'
import type { Subject } from './harness/subject.ts'
import { parseOptions, UsageError } from './options.ts'

const subject: Subject = {
  options: { folder: 'DIR: where' },
  pace: { seconds: 3, rounds: 7 },
  run: async () => ({ tables: [], verdicts: [], notes: [], measurements: [], figures: {} }),
}
const parse = (...words: string[]) => parseOptions('wal', subject, words)

test('without options it is the subject’s own pace', () => {
  expect(parse()).toEqual({
    ...{ pace: { seconds: 3, rounds: 7 }, json: undefined, only: '', own: {} },
  })
})

test('options of all subjects and of this one', () => {
  const words = '--json a.json --seconds 0.5 --rounds=3 --only core --folder /somewhere'.split(' ')
  expect(parse(...words)).toEqual({
    pace: { seconds: 0.5, rounds: 3 },
    json: 'a.json',
    only: 'core',
    own: { folder: '/somewhere' },
  })
})

test.each([
  [['--sekonds', '3'], 'bench wal has no option --sekonds.'],
  [['-x'], 'bench wal has no option -x.'],
  [['--json'], '--json needs a value.'],
  [['raft'], '"raft" is too much: one subject at a time.'],
  [['--rounds', '3', '--rounds', '4'], '--rounds was given twice.'],
  [['--seconds', 'long'], '--seconds is a number above 0, of at most 3600, not "long".'],
  [['--seconds', '0'], '--seconds is a number above 0, of at most 3600, not "0".'],
  [['--rounds', '2.5'], '--rounds is a whole number, not "2.5".'],
])('%j is refused with a sentence', (words, sentence) => {
  expect(() => parse(...words)).toThrow(new UsageError(sentence))
})
