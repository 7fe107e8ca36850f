/**
 * Benchmarks on the command line: `pnpm bench SUBJECT [options]`; `pnpm bench` lists the subjects.
 * Exit codes: 0 it ran (whatever came out), 1 it could not run, 2 a wrong option.
 */
import { writeFileSync } from 'node:fs'
import { cleanUpWhenEnded } from './harness/cleanup.ts'
import { describeCommit, describeMachine } from './harness/machine.ts'
import { type Report, renderFindings, renderHead } from './harness/report.ts'
import { describeOptions, parseOptions, UsageError } from './options.ts'
import { plotsSummary, runPlots } from './plots/command.ts'
import { runRecord } from './record/command.ts'
import { recordSummary } from './record/options.ts'
import { subjects } from './subjects.ts'

cleanUpWhenEnded()
try {
  process.exitCode = await main(process.argv.slice(2).filter((word) => word !== '--'))
} catch (error) {
  if (error instanceof UsageError) console.error(error.message)
  else console.error(error)
  process.exitCode = error instanceof UsageError ? 2 : 1
}

async function main([name, ...words]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === 'help') {
    console.log(list())
    return 0
  }
  if (name === 'plots') {
    runPlots(words)
    return 0
  }
  if (name === 'record') return runRecord(words)
  const listed = Object.hasOwn(subjects, name) ? subjects[name] : undefined
  if (listed === undefined) {
    throw new UsageError(`There is no subject "${name}".\n\n${list()}`)
  }
  const subject = await listed.load()
  if (words.includes('--help')) {
    console.log(`pnpm bench ${name}: ${listed.summary}\n${describeOptions(subject)}`)
    return 0
  }
  const options = parseOptions(name, subject, words)
  const startedAt = new Date().toISOString()
  const machine = describeMachine()
  const commit = describeCommit(import.meta.dirname)
  const command = commandOf(name, words)
  const head = { subject: name, startedAt, command, machine, commit, pace: options.pace }
  const findings = await subject.run({
    pace: options.pace,
    options: options.own,
    only: options.only,
    progress: showProgress,
  })
  const report: Report = { ...head, options: options.own, ...findings }
  console.log(`${renderHead(report)}\n\n${renderFindings(report)}`)
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(report, undefined, 2)}\n`)
  }
  return 0
}

/** As it was typed, but for where the figures go. */
function commandOf(name: string, words: readonly string[]): string {
  const said = words.filter(
    (word, i) => word !== '--json' && words[i - 1] !== '--json' && !word.startsWith('--json='),
  )
  return ['pnpm bench', name, ...said].join(' ')
}

function list(): string {
  const all = { ...subjects, plots: { summary: plotsSummary }, record: { summary: recordSummary } }
  const width = Math.max(...Object.keys(all).map((name) => name.length))
  const lines = Object.entries(all).map(
    ([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`,
  )
  return `pnpm bench SUBJECT [--json FILE] [--seconds N] [--rounds N]\n${lines.join('\n')}`
}

/** On a terminal only; it is wiped when all is done. */
function showProgress(done: number, all: number): void {
  if (!process.stderr.isTTY) return
  process.stderr.write(done < all ? `\r${done}/${all} ` : `\r${' '.repeat(24)}\r`)
}
