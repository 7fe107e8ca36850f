import type { ChaosResult } from './run.ts'

const shownAtMost = 20

/** What a person wants to know of a run. */
export function renderResult(result: ChaosResult): string {
  const { traffic, findings, worthless } = result
  return [
    `seed ${result.seed}, ${result.seconds.toFixed(0)} s, faults: ${counted(result.faults.map(({ kind }) => kind))}`,
    `calls ${traffic.operations}; done: ${listed(traffic.done)}; seat taken ${traffic.refusedForSeat}; not done ${traffic.notDone}; reads unanswered ${traffic.unanswered}`,
    `sent more than once ${traffic.sentTwice}; unknown and resolved: ${listed(traffic.resolved) || 'none'}; unresolved ${traffic.unresolved}`,
    `longest time without a sale, ms: ${listed(result.gapsMs)}`,
    `seats on maps compared ${result.comparedSeats}, left open ${result.undecidedSeats}`,
    ...findings.slice(0, shownAtMost).map(({ code, sentence }) => `WRONG ${code}: ${sentence}`),
    ...(findings.length > shownAtMost ? [`… and ${findings.length - shownAtMost} more`] : []),
    ...worthless.map((why) => `WORTHLESS: ${why}`),
    findings.length > 0
      ? `${findings.length} findings`
      : worthless.length > 0
        ? 'the run proves nothing'
        : 'nothing lost, nothing sold twice, every outcome known, all nodes agree',
  ].join('\n')
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${Math.round(count)}`)
    .join(', ')

function counted(names: readonly string[]): string {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return listed(counts)
}
