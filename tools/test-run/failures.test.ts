import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { repositoryFolder } from '../product/repository.ts'
import { failureLines, failuresOf, readFailures } from './failures.ts'

test('what a failed run of Vitest leaves names the test, its file and its message', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-failures-'))
  try {
    symlinkSync(path.join(repositoryFolder, 'node_modules'), path.join(folder, 'node_modules'))
    writeFileSync(
      path.join(folder, 'sum.test.mjs'),
      `import { expect, test } from 'vitest'
test('sums', () => expect(1 + 1).toBe(3))
test('holds', () => expect(1).toBe(1))`,
    )
    writeFileSync(path.join(folder, 'broken.test.mjs'), `throw new Error('no such table')`)
    const report = path.join(folder, 'report.json')
    const vitest = path.join(repositoryFolder, 'node_modules/vitest/vitest.mjs')
    const words = ['run', '--root', folder, '--reporter=json', `--outputFile=${report}`]
    expect(() =>
      execFileSync(process.execPath, [vitest, ...words], { stdio: 'pipe', cwd: folder }),
    ).toThrow()

    const failures = readFailures(folder, report)
    expect(failures.map(({ file, test }) => `${file}: ${test}`).sort()).toEqual([
      'broken.test.mjs: (the file itself)',
      'sum.test.mjs: sums',
    ])
    const lines = failureLines(failures).join('\n')
    expect(lines).toContain('✗ sum.test.mjs: sums')
    expect(lines).toContain('expected 2 to be 3')
    expect(lines).toContain('no such table')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test('a report that is missing names no test', () => {
  expect(readFailures('/', path.join(tmpdir(), 'no-such-report.json'))).toEqual([])
})

test("Playwright's report: failed and flaky tests, however deep", () => {
  const spec = (title: string, status: string) => ({
    title,
    tests: [{ status, results: [{ error: { message: `\u001b[31m${title} broke\u001b[39m` } }] }],
  })
  const suites = [
    {
      file: 'buy.spec.ts',
      title: 'buy.spec.ts',
      specs: [spec('pays', 'unexpected'), spec('holds', 'expected')],
      suites: [{ file: 'buy.spec.ts', title: 'inner', specs: [spec('cancels', 'flaky')] }],
    },
  ]
  expect(failureLines(failuresOf({ suites }, '/'))).toEqual([
    '  ✗ buy.spec.ts: pays',
    '      pays broke',
    '  ✗ buy.spec.ts: cancels',
    '      cancels broke',
  ])
})

test('a long message and many failures are cut, and say so', () => {
  const message = Array.from({ length: 30 }, (_, line) => `line ${line}`).join('\n')
  const many = Array.from({ length: 25 }, (_, n) => ({ file: 'a.test.ts', test: `t${n}`, message }))
  const lines = failureLines(many)
  expect(lines.slice(0, 14).at(-1)).toBe('      … 18 lines more')
  expect(lines.at(-1)).toBe('  … 5 failed tests more')
})
