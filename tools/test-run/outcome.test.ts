import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { outcomeOf, total } from './outcome.ts'
import { countsOf, forgetReports, readReport } from './reports.ts'
import { lastLine, resultTable } from './table.ts'
import type { TaskResult } from './turbo.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'quorail-outcome-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const task = (more: Partial<TaskResult> = {}): TaskResult => ({
  package: '@quorail/raft-core',
  task: 'test:seeded',
  folder: 'packages/raft-core',
  cached: false,
  exitCode: 0,
  ...more,
})

function report(passed: number, failed: number, skipped: number): string {
  const folder = path.join(root, 'packages/raft-core/.reports')
  mkdirSync(folder, { recursive: true })
  const content = { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped }
  writeFileSync(path.join(folder, 'test-seeded.json'), JSON.stringify(content))
  return path.join(folder, 'test-seeded.json')
}

test('counts come from the report of the task', () => {
  report(5, 0, 1)
  expect(outcomeOf(root, task()).counts).toEqual({ passed: 5, failed: 0, skipped: 1 })
})

test.each([
  ['a test task that broke without a failed test', () => report(5, 0, 0), { exitCode: 1 }, 5],
  ['a test task that left no report', () => {}, {}, 0],
  ['a test task that was not reached', () => {}, { exitCode: undefined as never }, 0],
  ['a lint that failed', () => {}, { task: 'lint', exitCode: 2 }, 0],
] as const)('%s is a failure', (_name, prepare, more, passed) => {
  prepare()
  expect(outcomeOf(root, task(more)).counts).toEqual({ passed, failed: 1, skipped: 0 })
})

test('a report of an earlier run is not counted', () => {
  const file = report(5, 0, 0)
  forgetReports(root)
  expect(readReport(file)).toBeUndefined()
})

test("Playwright's reports: a test that passed at the second try has failed", () => {
  const stats = { expected: 3, unexpected: 1, flaky: 1, skipped: 2 }
  expect(countsOf({ stats })).toEqual({ passed: 3, failed: 2, skipped: 2 })
})

test('the table and the last line', () => {
  report(5, 1, 1)
  const outcomes = [task({ exitCode: 1 }), task({ task: 'build', cached: true })]
  const all = outcomes.map((result) => outcomeOf(root, result))
  const lines = resultTable(all, { unit: '1', run: '77' })
  expect(lines[1]).toMatch(/^ {2}build\s+1 of 1$/)
  expect(lines[2]).toMatch(/^ {2}raft-core test:seeded\s+6\s+1\s+1\s+no\s+77\s+✗$/)
  expect(lastLine(total(all))).toBe('5 passed, 1 failed, 1 skipped')
})
