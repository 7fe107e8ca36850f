import { expect, test } from 'vitest'
import { whatToDo } from './what-to-do.ts'

test.each([
  ['entry 7 of term 2 can not be applied: EIO is not a function', /^keep its folder .*faults\.md/],
  ['SQLite could not be written: SqliteError: database or disk is full', /^free space/],
  ['the disk of the log is full; nothing acknowledged is lost', /^free space/],
  ['ENOSPC: no space left on device, write', /^free space/],
  ['SQLite could not be written: SqliteError: disk I/O error', /^read the machine's own log/],
  ['EIO: i/o error, fdatasync', /^read the machine's own log/],
  [
    'the database 1.db does not hold what was written to it: at index 7 …',
    /^keep the state folder/,
  ],
  ['SQLite could not be written: SqliteError: no such table: nodes', /^start this node again/],
])('%s', (message, advice) => {
  expect(whatToDo(new Error(message))).toMatch(advice)
})

test('the cause counts: what failed first is what an operator can mend', () => {
  const cause = Object.assign(new Error('write'), { code: 'ENOSPC' })
  expect(whatToDo(new Error('the log failed', { cause }))).toMatch(/^free space/)
})
