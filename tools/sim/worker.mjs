import { withTraps } from './traps.mjs'

/** Runs the seeds it is told, one after the other, and prints a line of JSON for each. */
export function work({ simulate }, runs) {
  // Nobody looks at the stacks of the errors that are made and handled; they cost a tenth of the time.
  Error.stackTraceLimit = 0
  for (const run of runs) {
    const report = runOne(simulate, run)
    process.stdout.write(`${JSON.stringify(report)}\n`)
    if (report.violation !== undefined) return
  }
}

export function runOne(simulate, run) {
  let report
  try {
    report = withTraps(() => simulate(run))
  } catch (error) {
    // The simulator itself, or the code, did what no run may do.
    const violation = { invariant: 'assertion', message: `thrown: ${error.stack ?? error}` }
    report = { seed: run.seed, profile: run.profile, events: 0, marks: {}, trace: [], violation }
  }
  const { trace, drawn, faults: _faults, ...short } = report
  const whole = report.violation === undefined ? short : { ...short, drawn, trace }
  return { ...whole, replay: replayOf(run) }
}

/** The command that runs the same again, bit for bit. */
export function replayOf({ seed, events, profile }) {
  return `pnpm sim --seed ${seed} --events ${events} --profile ${profile}`
}
