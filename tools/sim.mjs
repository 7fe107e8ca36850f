#!/usr/bin/env node
/**
 * The simulator on the command line.
 *
 *   pnpm sim [--seed N] [--seeds N] [--events N] [--profile NAME] [--workers N] [--json]
 *            [--known] [--double SHARE] [--marks]
 *   pnpm sim --shrink --seed N [--events N] [--profile NAME]
 *   pnpm sim --topologies [--seed N] [--json]
 *
 * Runs `--seeds` seeds, from `--seed` on (a new one each time without it), with `--events` events of
 * faults each, in `--workers` processes. Stops at the first violation, prints what happened and the
 * command that replays it bit for bit. `--known` first runs the seeds that once found something;
 * `--double` runs a share of the seeds again in other processes and compares the digests; `--marks`
 * fails unless every rare state was met. `--shrink` makes a failing seed small and prints it as a
 * test. `--topologies` tries every way in which the links between three nodes may be cut.
 * Exit codes: 0 no violation, 1 a violation, 2 a wrong option.
 *
 * `--source DIR` runs another copy of raft-core's `src`: that is how planted bugs are tested.
 */
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { readOptions, refuse } from './sim/options.mjs'
import { printReports, sumOfMarks } from './sim/print.mjs'
import { runInWorkers } from './sim/run-seeds.mjs'
import { runOne, work } from './sim/worker.mjs'

const options = readOptions(process.argv.slice(2))
const door = pathToFileURL(path.join(options.source, 'simulation/index.ts')).href
const simulator = await import(door)
const { seed, seeds, events, profile, workers, source } = options

if (options.worker !== undefined) work(simulator, JSON.parse(await text(process.stdin)))
else if (!profile.split('+').every((name) => simulator.PROFILE_NAMES.includes(name))) {
  refuse(`--profile: one of ${simulator.PROFILE_NAMES.join(', ')}, or several joined by +`)
} else if (options.shrink) process.exitCode = shrink()
else if (options.topologies) process.exitCode = topologies()
else process.exitCode = await runSeeds()

async function runSeeds() {
  const fresh = Array.from({ length: seeds }, (_, i) => ({ seed: seed + i, events, profile }))
  const runs = [...(options.known ? simulator.KNOWN_SEEDS : []), ...fresh]
  if (!options.json) console.log(`seeds ${seed} to ${seed + seeds - 1}, profile ${profile}`)
  const began = process.hrtime.bigint()
  const reports = workers > 1 ? await runInWorkers(runs, workers, source) : runHere(runs)
  const seconds = Number(process.hrtime.bigint() - began) / 1e9
  const isGood = reports.every((report) => report.violation === undefined)
  const doubles = isGood ? await runAgain(runs, reports) : { count: 0, differ: [] }
  const met = sumOfMarks(reports)
  const missing =
    options.marks && isGood ? simulator.MARKS.filter((name) => met[name] === undefined) : []
  if (options.json) console.log(JSON.stringify(reports))
  else printReports(reports, seconds, { doubles: doubles.count, missing })
  for (const line of doubles.differ) console.log(line)
  return isGood && doubles.differ.length === 0 && missing.length === 0 ? 0 : 1
}

function runHere(runs) {
  const reports = []
  Error.stackTraceLimit = 0
  for (const run of runs) {
    reports.push(runOne(simulator.simulate, run))
    if (reports.at(-1).violation !== undefined) break
  }
  return reports
}

/** A share of the seeds once more, each in another process than before. */
async function runAgain(runs, reports) {
  const count = Math.ceil(runs.length * options.double)
  if (count === 0) return { count, differ: [] }
  const step = Math.max(1, Math.floor(runs.length / count))
  const chosen = runs.filter((_, i) => i % step === 0).slice(0, count)
  const again = await runInWorkers(chosen, Math.max(1, workers), source)
  const differ = again.flatMap((report) => {
    const first = reports.find((one) => one.seed === report.seed && one.profile === report.profile)
    if (first?.digest === report.digest) return []
    return `two runs differ: ${first?.digest} and ${report.digest}: ${report.replay}`
  })
  return { count, differ }
}

function shrink() {
  const shrunk = simulator.shrink({ seed, events, profile })
  if (shrunk === undefined) {
    console.log(`seed ${seed} violates nothing in ${events} events`)
    return 0
  }
  const { runs, eventsRun, script } = shrunk
  console.log(`${script.length} faults are enough, found in ${runs} runs of ${eventsRun} events\n`)
  console.log(simulator.asTest(shrunk))
  return 1
}

function topologies() {
  const verdicts = simulator.tryTopologies({ seed })
  const bad = verdicts.filter(({ problem }) => problem !== undefined)
  if (options.json) console.log(JSON.stringify(verdicts))
  else {
    for (const { links, problem } of bad) console.log(`${links}: ${problem}`)
    const served = verdicts.filter(({ mustServe }) => mustServe).length
    console.log(
      `${verdicts.length} topologies, ${served} with a connected majority, ${bad.length} bad`,
    )
  }
  return bad.length === 0 ? 0 : 1
}
