import { Code, ConnectError } from '@connectrpc/connect'
import { RejectedError } from '@quorail/raft-core'
import { expect, test } from 'vitest'
import { changeFailure } from '../errors/membership-failures.ts'
import { again } from './again.ts'

const notHandedOver = () =>
  changeFailure(new RejectedError('timeout', 'nobody took over'), undefined)

/** Fails so often, then answers. */
function failing(...errors: readonly Error[]) {
  let calls = 0
  return {
    calls: () => calls,
    ask: async () => {
      const error = errors[calls]
      calls += 1
      if (error !== undefined) throw error
      return 'done'
    },
  }
}

test('who does not take over the leadership at once is asked again: a busy machine stops no rolling restart', async () => {
  const { ask, calls } = failing(notHandedOver(), new ConnectError('elect', Code.Unavailable))
  expect(await again(Date.now() + 60_000, ask)).toBe('done')
  expect(calls()).toBe(3)
})

test('what no waiting helps against is said at once', async () => {
  const { ask, calls } = failing(new ConnectError('unwell', Code.FailedPrecondition))
  await expect(again(Date.now() + 60_000, ask)).rejects.toThrow('unwell')
  const bug = failing(new TypeError('a bug'))
  await expect(again(Date.now() + 60_000, bug.ask)).rejects.toThrow('a bug')
  expect([calls(), bug.calls()]).toEqual([1, 1])
})

test('the time that was given ends it, with what was said last', async () => {
  const { ask } = failing(notHandedOver(), notHandedOver())
  await expect(again(Date.now() - 1, ask)).rejects.toThrow('No other node took over')
})
