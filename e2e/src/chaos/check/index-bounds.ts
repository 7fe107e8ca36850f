/**
 * Where in the log each operation stands. Most know it exactly; of those that were sent more than once only
 * bounds are known, and they are drawn as close as time and the order of bookings allow.
 */
import { type History, isRead, type Operation } from '../history.ts'
import type { Finding } from './finding.ts'

/** Both included. */
export interface Bounds {
  readonly low: number
  readonly high: number
}

export interface Placed {
  readonly bounds: ReadonlyMap<Operation, Bounds>
  readonly findings: readonly Finding[]
}

export function placeInLog({ operations, final }: History): Placed {
  const findings: Finding[] = []
  const before = answeredBefore(operations)
  const after = answeredAfter(operations)
  const heldAt = new Map(
    Object.values(final).flatMap((bookings) =>
      bookings.map(({ bookingId, heldAtIndex }) => [bookingId, heldAtIndex] as const),
    ),
  )
  const bounds = new Map<Operation, Bounds>()
  for (const operation of operations) {
    const { outcome } = operation
    const least = before.get(operation) ?? 0
    if (outcome.type === 'refused') {
      bounds.set(operation, { low: least + 1, high: after.get(operation) ?? Infinity })
    }
    if (outcome.type !== 'done') continue
    const read = isRead(operation.call)
    if (read ? outcome.index < least : outcome.index <= least) {
      findings.push(outOfOrder(operation, outcome.index, least, read))
    }
    const high = outcome.index
    const low = outcome.exact ? high : Math.min(high, least + 1)
    bounds.set(operation, { low, high })
    narrowHold(operation, bounds, heldAt, findings)
  }
  return { bounds, findings: [...findings, ...sameIndexTwice(operations)] }
}

/** A hold that was sent again stands where the booking says; one sent once must stand there as well. */
function narrowHold(
  operation: Operation,
  bounds: Map<Operation, Bounds>,
  heldAt: ReadonlyMap<number, number>,
  findings: Finding[],
): void {
  const { call, outcome } = operation
  const own = bounds.get(operation)
  if (call.kind !== 'hold' || outcome.type !== 'done' || own === undefined) return
  if (outcome.answer.kind !== 'booking') return
  const said = heldAt.get(outcome.answer.bookingId)
  if (said === undefined) return
  if (said < own.low || said > own.high) {
    findings.push({
      code: 'order',
      sentence: `${describe(operation)} was answered at index ${outcome.index}, and the booking says it was held at ${said}.`,
    })
  } else bounds.set(operation, { low: said, high: said })
}

/** For each operation: the highest index that somebody had been told before it began. */
function answeredBefore(operations: readonly Operation[]): Map<Operation, number> {
  const byEnd = operations.filter(({ outcome }) => outcome.type === 'done')
  byEnd.sort((a, b) => a.endMs - b.endMs)
  const byStart = [...operations].sort((a, b) => a.startMs - b.startMs)
  const result = new Map<Operation, number>()
  let highest = 0
  let at = 0
  for (const operation of byStart) {
    for (; at < byEnd.length; at++) {
      const ended = byEnd[at] as Operation
      if (ended.endMs >= operation.startMs) break
      if (ended.outcome.type === 'done') highest = Math.max(highest, ended.outcome.index)
    }
    result.set(operation, highest)
  }
  return result
}

/** For each operation: the lowest index that was told to somebody who began after it had ended. */
function answeredAfter(operations: readonly Operation[]): Map<Operation, number> {
  const byStart = operations.filter(({ outcome }) => outcome.type === 'done')
  byStart.sort((a, b) => b.startMs - a.startMs)
  const byEnd = [...operations].sort((a, b) => b.endMs - a.endMs)
  const result = new Map<Operation, number>()
  let lowest = Infinity
  let at = 0
  for (const operation of byEnd) {
    for (; at < byStart.length; at++) {
      const begun = byStart[at] as Operation
      if (begun.startMs <= operation.endMs) break
      if (begun.outcome.type === 'done') lowest = Math.min(lowest, begun.outcome.index)
    }
    result.set(operation, lowest)
  }
  return result
}

function sameIndexTwice(operations: readonly Operation[]): Finding[] {
  const seen = new Map<number, Operation>()
  return operations.flatMap((operation): Finding[] => {
    const { call, outcome } = operation
    if (outcome.type !== 'done' || isRead(call)) return []
    const other = seen.get(outcome.index)
    seen.set(outcome.index, operation)
    if (other === undefined) return []
    const sentence = `${describe(other)} and ${describe(operation)} were both answered at index ${outcome.index}.`
    return [{ code: 'order', sentence }]
  })
}

function outOfOrder(operation: Operation, index: number, least: number, read: boolean): Finding {
  const sentence = `${describe(operation)} was answered at index ${index}, and index ${least} had been told before it began.`
  return { code: read ? 'staleRead' : 'order', sentence }
}

export function describe({ client, nth, call, startMs, endMs }: Operation): string {
  const { kind, ...of } = call
  return `client ${client}'s call ${nth}, ${kind} ${JSON.stringify(of)} at ${Math.round(startMs)}–${Math.round(endMs)} ms,`
}
