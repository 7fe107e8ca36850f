import { setTimeout as wait } from 'node:timers/promises'
import { Code, ConnectError } from '@connectrpc/connect'
import { OutcomeUnknownError } from '@quorail/raft-core'
import { expect, test } from 'vitest'
import { CallTrace, newTraceId } from './call-trace.ts'

const late = new ConnectError('the deadline has passed', Code.DeadlineExceeded)

function call() {
  const controller = new AbortController()
  return { controller, trace: new CallTrace(newTraceId(), controller.signal) }
}

test('what is too late is not proposed, and certainly not done', async () => {
  const { controller, trace } = call()
  controller.abort(late)
  let proposed = 0
  const propose = trace.propose(async () => {
    proposed += 1
  })
  await expect(propose).rejects.toMatchObject({ code: Code.DeadlineExceeded })
  expect(proposed).toBe(0)
})

test('what is proposed when the time is over has an outcome that nobody knows', async () => {
  const { controller, trace } = call()
  const propose = trace.propose(() => wait(5_000, 'done', { ref: false }))
  controller.abort(late)
  await expect(propose).rejects.toBeInstanceOf(OutcomeUnknownError)
})

test('a caller that leaves, or a node that stops, does not make an outcome unknown', async () => {
  const { controller, trace } = call()
  const propose = trace.propose(() => wait(20, 'done'))
  controller.abort(new ConnectError('this node is stopping', Code.Unavailable))
  expect(await propose).toBe('done')
  expect(await trace.propose(async () => 'again')).toBe('again')
})
