#!/usr/bin/env node
/**
 * The simulator on the command line.
 *
 *   pnpm sim [--seed N] [--seeds N] [--events N] [--profile swarm|calm|network|crashes|disk] [--json]
 *
 * Runs `--seeds` seeds, from `--seed` on (a new one each time without it), with `--events` events of
 * faults each. Stops at the first violation, prints what happened and the command that replays it bit
 * for bit. Exit codes: 0 no violation, 1 a violation, 2 a wrong option.
 *
 * `--source DIR` runs another copy of raft-core's `src`: that is how planted bugs are tested.
 */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const usage =
  'usage: pnpm sim [--seed N] [--seeds N] [--events N] [--profile NAME] [--source DIR] [--json]'

function refuse(message) {
  console.error(`${message}\n${usage}`)
  process.exit(2)
}

function wholeNumber(options, name, otherwise) {
  const text = options[name]
  if (text === undefined) return otherwise
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) refuse(`--${name}: not a whole number: ${text}`)
  return number
}

function parse() {
  try {
    const options = {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      events: { type: 'string' },
      profile: { type: 'string' },
      source: { type: 'string' },
      json: { type: 'boolean' },
    }
    return parseArgs({ options, args: process.argv.slice(2).filter((arg) => arg !== '--') }).values
  } catch (error) {
    return refuse(error.message)
  }
}

const options = parse()
const ownSource = path.join(import.meta.dirname, '../packages/raft-core/src')
const source = path.resolve(options.source ?? ownSource)
const door = pathToFileURL(path.join(source, 'simulation/index.ts')).href
const { PROFILE_NAMES, simulate } = await import(door)

const first = wholeNumber(options, 'seed', Math.floor(Math.random() * 2 ** 31))
const seeds = wholeNumber(options, 'seeds', 1)
const events = wholeNumber(options, 'events', 20_000)
const profile = options.profile ?? 'swarm'
if (!PROFILE_NAMES.includes(profile)) refuse(`--profile: one of ${PROFILE_NAMES.join(', ')}`)

const reports = []
const began = process.hrtime.bigint()
for (let seed = first; seed < first + seeds; seed++) {
  const report = simulate({ seed, events, profile })
  const { trace, drawn, ...short } = report
  const replay = `pnpm sim --seed ${seed} --events ${events} --profile ${profile}`
  reports.push(report.violation === undefined ? short : { ...short, drawn, trace, replay })
  if (report.violation !== undefined) break
}
const seconds = Number(process.hrtime.bigint() - began) / 1e9
const failed = reports.find((report) => report.violation !== undefined)
if (options.json) console.log(JSON.stringify(reports))
else print()
process.exit(failed === undefined ? 0 : 1)

function print() {
  const total = reports.reduce((sum, report) => sum + report.events, 0)
  const marks = {}
  for (const report of reports) {
    for (const [name, count] of Object.entries(report.marks)) {
      marks[name] = (marks[name] ?? 0) + count
    }
  }
  if (reports.length === 1) console.log(`seed ${first} ${profile}: digest ${reports[0].digest}`)
  const speed = Math.round(total / seconds).toLocaleString('en')
  console.log(`${reports.length} seeds from ${first}, ${total} events, ${speed} events/s`)
  console.log(
    Object.entries(marks)
      .map(([name, count]) => `${name}: ${count}`)
      .join(', '),
  )
  if (failed === undefined) {
    console.log('no violation')
    return
  }
  console.log(failed.trace.join('\n'))
  const { invariant, message } = failed.violation
  console.log(`\nviolated: ${invariant}: ${message}\nseed ${failed.seed}; replay: ${failed.replay}`)
}
