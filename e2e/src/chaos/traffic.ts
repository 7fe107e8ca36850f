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
  /** Calls under way at the same time as another client's about the same run. */
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

const fewest = { hold: 1, pay: 0.3, cancel: 0.1, release: 0.15, seatMap: 0.7, booking: 0.7 }

/** Fewer a second than this, and the run says nothing; etcd's tests have such a floor too. */
export function tooLittle({ done, refusedForSeat }: TrafficCounts, milliseconds: number): string[] {
  const seconds = milliseconds / 1_000
  const why = Object.entries(fewest).flatMap(([kind, perSecond]) => {
    const wanted = Math.max(1, Math.floor(perSecond * seconds))
    const count = done[kind] ?? 0
    return count >= wanted ? [] : [`only ${count} times ${kind}, and ${wanted} are the least`]
  })
  if (refusedForSeat === 0) why.push('nobody wanted a seat that somebody else had')
  return why
}
