import type { Operation } from './history.ts'

export interface TrafficCounts {
  readonly operations: number
  readonly done: Readonly<Record<string, number>>
  readonly refusedForSeat: number
  readonly notDone: number
  readonly unanswered: number
  /** Outcomes that were unknown at first, by how they became known. */
  readonly resolved: Readonly<Record<string, number>>
  readonly unresolved: number
  /** Calls that had an attempt whose end was not certain, or were led elsewhere. */
  readonly sentTwice: number
}

export function countsOf(operations: readonly Operation[]): TrafficCounts {
  const done: Record<string, number> = {}
  const resolved: Record<string, number> = {}
  const others = { refused: 0, notDone: 0, unanswered: 0, unknown: 0 }
  let sentTwice = 0
  for (const { call, outcome, resolvedBy, attempts } of operations) {
    if (outcome.type === 'done') done[call.kind] = (done[call.kind] ?? 0) + 1
    else others[outcome.type]++
    if (resolvedBy !== undefined) resolved[resolvedBy] = (resolved[resolvedBy] ?? 0) + 1
    if (attempts > 1) sentTwice++
  }
  return {
    operations: operations.length,
    done,
    refusedForSeat: others.refused,
    notDone: others.notDone,
    unanswered: others.unanswered,
    resolved,
    unresolved: others.unknown,
    sentTwice,
  }
}

/** At least so many of a run, and so many more for each fault. */
const fewest: Readonly<Record<string, readonly [number, number]>> = {
  hold: [20, 3],
  pay: [8, 1],
  cancel: [3, 0.3],
  release: [4, 0.5],
  seatMap: [12, 2],
  booking: [12, 2],
}

/** With less, the run says nothing; etcd's tests have such a floor too. */
export function tooLittle({ done, refusedForSeat }: TrafficCounts, faults: number): string[] {
  const why = Object.entries(fewest).flatMap(([kind, [least, perFault]]) => {
    const wanted = Math.ceil(least + perFault * faults)
    const count = done[kind] ?? 0
    return count >= wanted ? [] : [`only ${count} times ${kind}, and ${wanted} are the least`]
  })
  if (refusedForSeat === 0) why.push('nobody wanted a seat that somebody else had')
  return why
}
