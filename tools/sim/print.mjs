/** Sums of the reports, for a person. */
export function printReports(reports, seconds, { doubles = 0, missing = [] } = {}) {
  const sum = (name) => reports.reduce((total, report) => total + (report[name] ?? 0), 0)
  const number = (value) => Math.round(value).toLocaleString('en')
  if (reports.length === 1) {
    console.log(`seed ${reports[0].seed} ${reports[0].profile}: digest ${reports[0].digest}`)
  }
  const events = sum('events')
  console.log(
    `${reports.length} seeds, ${number(events)} events, ${number(events / seconds)} events/s`,
  )
  console.log(
    `${number(sum('messages'))} messages, ${number(sum('committed'))} entries committed, ` +
      `${number(sum('acknowledged'))} acknowledged, ${number(sum('elections'))} elections, ` +
      `${number(sum('virtualMs') / 3_600_000)} virtual hours`,
  )
  const marks = sumOfMarks(reports)
  console.log(
    Object.entries(marks)
      .map(([name, count]) => `${name}: ${count}`)
      .join(', '),
  )
  if (doubles > 0) console.log(`${doubles} seeds ran again in another process, with equal digests`)
  for (const name of missing) console.log(`never met: ${name}`)
  const failed = reports.find((report) => report.violation !== undefined)
  if (failed === undefined) {
    console.log('no violation')
    return
  }
  console.log(failed.trace.join('\n'))
  const { invariant, message } = failed.violation
  console.log(`\nviolated: ${invariant}: ${message}\nseed ${failed.seed}; replay: ${failed.replay}`)
}

export function sumOfMarks(reports) {
  const marks = {}
  for (const report of reports) {
    for (const [name, count] of Object.entries(report.marks)) {
      marks[name] = (marks[name] ?? 0) + count
    }
  }
  return marks
}
