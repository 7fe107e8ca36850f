import { createContextKey, type UnaryRequest } from '@connectrpc/connect'
import { deadlineExceeded } from '../errors/door-errors.ts'

/** When a call's headers came, by `performance.now()`; a caller's time runs from there, not from when its body was read. */
export const arrivedAtKey = createContextKey<number | undefined>(undefined)

const msOfUnit: Readonly<Record<string, number>> = {
  ...{ H: 3_600_000, M: 60_000, S: 1_000 },
  ...{ m: 1, u: 1e-3, n: 1e-6 },
}

/**
 * How much longer the caller waits, in whole milliseconds; undefined: as long as it takes. Throws when the time is over:
 * no time at all would be no limit to whom it is passed on. What can not be read, Connect has refused before.
 */
export function restOfDeadlineMs(request: UnaryRequest): number | undefined {
  const allowedMs = allowedMsOf(request.header)
  if (allowedMs === undefined) return undefined
  const arrivedAtMs = request.contextValues.get(arrivedAtKey)
  const spentMs = arrivedAtMs === undefined ? 0 : performance.now() - arrivedAtMs
  const restMs = Math.floor(allowedMs - spentMs)
  if (restMs < 1) throw deadlineExceeded()
  return restMs
}

function allowedMsOf(header: Headers): number | undefined {
  const byConnect = header.get('connect-timeout-ms')
  if (byConnect !== null) return Number(byConnect)
  const [, count, unit] = /^(\d{1,8})([HMSmun])$/.exec(header.get('grpc-timeout') ?? '') ?? []
  const unitMs = msOfUnit[unit ?? '']
  return unitMs === undefined ? undefined : Number(count) * unitMs
}
