import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { stripVTControlCharacters } from 'node:util'

/** A test that failed, and what it said. */
export interface Failure {
  readonly file: string
  readonly test: string
  readonly message: string
}

/** The failed tests that a task's report names; a report that is missing names none. */
export function readFailures(root: string, reportPath: string): Failure[] {
  if (!existsSync(reportPath)) return []
  return failuresOf(JSON.parse(readFileSync(reportPath, 'utf8')), root)
}

interface VitestReport {
  readonly testResults?: readonly {
    readonly name: string
    readonly status: string
    readonly message?: string
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages?: readonly string[] | null
    }[]
  }[]
}

interface PlaywrightSuite {
  readonly file: string
  readonly title: string
  readonly suites?: readonly PlaywrightSuite[]
  readonly specs?: readonly {
    readonly title: string
    readonly tests: readonly {
      readonly status: string
      readonly results: readonly { readonly error?: { readonly message?: string } }[]
    }[]
  }[]
}

export function failuresOf(
  report: VitestReport & { readonly suites?: readonly PlaywrightSuite[] },
  root: string,
): Failure[] {
  const inVitest = (report.testResults ?? []).flatMap((file) => {
    const name = path.relative(root, file.name)
    const failed = file.assertionResults.filter(({ status }) => status === 'failed')
    // A file that does not load, or whose preparation throws, fails without a failed test.
    if (failed.length === 0 && file.status === 'failed')
      return [{ file: name, test: '(the file itself)', message: file.message ?? '' }]
    return failed.map(({ fullName, failureMessages }) => ({
      file: name,
      test: fullName,
      message: (failureMessages ?? []).join('\n'),
    }))
  })
  return [...inVitest, ...(report.suites ?? []).flatMap(inPlaywright)]
}

function inPlaywright(suite: PlaywrightSuite): Failure[] {
  const own = (suite.specs ?? []).flatMap(({ title, tests }) =>
    tests
      .filter(({ status }) => status === 'unexpected' || status === 'flaky')
      .map(({ results }) => ({
        file: suite.file,
        test: title,
        message: results.find(({ error }) => error !== undefined)?.error?.message ?? '',
      })),
  )
  return [...own, ...(suite.suites ?? []).flatMap(inPlaywright)]
}

const linesShown = 12
const failuresShown = 20

/**
 * What a person reads who has only the end of the output: each failed test, and how its message begins.
 * The whole message stands further up, where the test ran.
 */
export function failureLines(failures: readonly Failure[]): string[] {
  const shown = failures.slice(0, failuresShown).flatMap(({ file, test, message }) => {
    const text = stripVTControlCharacters(message).trimEnd().split('\n')
    const more = text.length > linesShown ? [`… ${text.length - linesShown} lines more`] : []
    const begin = [...text.slice(0, linesShown), ...more].map((line) => `      ${line}`.trimEnd())
    return [`  ✗ ${file}: ${test}`, ...begin]
  })
  const left = failures.length - failuresShown
  return left > 0 ? [...shown, `  … ${left} failed tests more`] : shown
}
