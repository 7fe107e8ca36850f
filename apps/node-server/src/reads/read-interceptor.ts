import type { Interceptor } from '@connectrpc/connect'
import { OverloadedError, RejectedError } from '@quorail/raft-core'
import { policies } from '../auth/policies.ts'
import { invalidField, notYetHere } from '../errors/door-errors.ts'
import { raftFailure } from '../errors/raft-failures.ts'
import type { NodeHost, ReadAs } from '../host/types.ts'

/** How current a read of any node has to be; without it the state is taken as it is. */
export const readHeader = 'quorail-read'

/** Reads that wait for an index, which anybody may ask for. */
const waitingAtMost = 1_024

/**
 * Lets a read that any node answers wait until the state is as new as its caller wants it. What only the leader answers
 * is as new as now in any case, whatever is asked for: nobody is shown their own data of yesterday.
 */
export function createReadInterceptor(host: NodeHost): Interceptor {
  let waiting = 0
  return (next) => async (request) => {
    const asked = request.header.get(readHeader)
    const name = `${request.service.typeName}/${request.method.name}`
    if (asked === null || policies[name]?.where !== 'anyNode') return next(request)
    const read = parseRead(asked)
    if (read === 'stale') return next(request)
    if (waiting >= waitingAtMost)
      throw raftFailure(new OverloadedError('too many reads wait'), host.leader())
    waiting += 1
    try {
      await host.readAs(read)
    } catch (error) {
      const isTimeout = error instanceof RejectedError && error.reason === 'timeout'
      throw isTimeout && read !== 'linearizable' ? notYetHere() : raftFailure(error, host.leader())
    } finally {
      waiting -= 1
    }
    return next(request)
  }
}

function parseRead(text: string): ReadAs | 'stale' {
  if (text === 'stale' || text === 'linearizable') return text
  const index = Number(/^index=(\d{1,15})$/.exec(text)?.[1] ?? Number.NaN)
  if (Number.isNaN(index))
    throw invalidField(readHeader, `${readHeader} must be stale, linearizable or index=NUMBER.`)
  return { atLeast: index }
}
