import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { Code, ConnectError } from '@connectrpc/connect'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { ErrorDetail_Outcome } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { afterEach, expect, test } from 'vitest'
import { type CommandStream, describeError, openCommandStream } from '../src/index.ts'
import type { Limits } from '../src/options.ts'
import { notLeader } from './fake-cluster.ts'
import { type FakeStreamNode, http2Transport, startFakeStreamNode } from './fake-stream-node.ts'

const nodes: FakeStreamNode[] = []
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.stop()))
})

async function cluster(limits: Partial<Limits> = {}, callsAtMost = 10_000) {
  const [a, b] = [await startFakeStreamNode(), await startFakeStreamNode()]
  nodes.push(a, b)
  const stream = openCommandStream({
    endpoints: [a.url, b.url],
    createTransport: http2Transport,
    callsAtMost,
    limits: { pauseMostMs: 50, ...limits },
  })
  return { a, b, stream }
}

const { holdSeats } = BookingService.method
const hold = async (stream: CommandStream, requestId: string, sessionToken = '') =>
  (await stream.call(holdSeats, { requestId }, { sessionToken })).booking?.bookingId
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'answered',
    (reason: unknown) => describeError(reason).code,
  )

test('calls that are made together go together, and each gets its own answer', async () => {
  const { a, stream } = await cluster()
  a.hold = (id) => ({ bookingId: BigInt(id.slice(1)) })
  const ids = Array.from({ length: 300 }, (_, i) => `r${i + 1}`)
  const answers = await Promise.all(ids.map((id) => hold(stream, id)))
  expect(answers).toEqual(ids.map((id) => BigInt(id.slice(1))))
  expect(a.frames.length).toBeLessThan(20)
  await stream.close()
  expect(await codeOf(hold(stream, 'late'))).toBe('STREAM_CLOSED')
})

test('a node that does not lead names the one that does', async () => {
  const { a, b, stream } = await cluster()
  a.lead = () => {
    throw notLeader(b.url, 2n)
  }
  expect(await hold(stream, 'r1')).toBe(7n)
  expect([a.holds, b.holds]).toEqual([[], ['r1']])
})

test('a node that dies: what was under way is asked again at another, with the same request ids', async () => {
  const { a, b, stream } = await cluster()
  a.hold = (id) => (id === 'r2' ? { bookingId: 2n } : 'never')
  const answers = Promise.all(['r1', 'r2', 'r3'].map((id) => hold(stream, id)))
  await expect.poll(() => a.holds).toEqual(['r1', 'r2', 'r3'])
  await expect.poll(() => a.frames.length).toBeGreaterThan(0)
  await new Promise((resolve) => setTimeout(resolve, 50))
  await a.stop()
  expect(await answers).toEqual([7n, 2n, 7n])
  expect(b.holds).toEqual(['r1', 'r3'])
})

test('a stream that ends because another node leads now goes on there', async () => {
  const { a, b, stream } = await cluster()
  a.hold = () => 'never'
  const answer = hold(stream, 'r1')
  await expect.poll(() => a.holds).toEqual(['r1'])
  a.endStreams(notLeader(b.url, 3n))
  expect(await answer).toBe(7n)
  expect(b.holds).toEqual(['r1'])
})

test('a node that answers nothing for the time of an attempt is left', async () => {
  const { a, b, stream } = await cluster({ attemptMs: 1_000 })
  a.hold = () => 'never'
  expect(await hold(stream, 'r1')).toBe(7n)
  expect([a.holds, b.holds]).toEqual([['r1'], ['r1']])
})

test('a node that does not even say that it is there is left sooner', async () => {
  const { a, b, stream } = await cluster({
    ...{ silentMs: 400, probeMs: 800, attemptMs: 60_000, unaryMs: 120_000 },
  })
  a.hold = () => 'never'
  a.silent = true
  const startedAt = performance.now()
  expect(await hold(stream, 'r1')).toBe(7n)
  expect([a.holds, b.holds]).toEqual([['r1'], ['r1']])
  expect(performance.now() - startedAt).toBeLessThan(50_000)
})

test('a node that owes an answer and says that it is there is waited for', async () => {
  const { a, b, stream } = await cluster({ silentMs: 100 })
  a.hold = () => 'never'
  const call = stream.call(holdSeats, { requestId: 'r1' }, { timeoutMs: 3_000 })
  call.catch(() => undefined)
  await expect.poll(() => a.probes).toBeGreaterThan(2)
  expect([a.opened, b.opened]).toEqual([1, 0])
  expect(await codeOf(call)).toBe('OUTCOME_UNKNOWN')
})

test('an outcome that is not known is asked for until it is', async () => {
  const { a, stream } = await cluster()
  const unknown = { code: Code.Aborted, name: 'OUTCOME_UNKNOWN' }
  a.hold = () =>
    a.holds.length < 3 ? { ...unknown, outcome: ErrorDetail_Outcome.UNKNOWN } : { bookingId: 9n }
  expect(await hold(stream, 'r1')).toBe(9n)
  expect(a.holds).toEqual(['r1', 'r1', 'r1'])
})

test('a refusal ends its call; a call that nobody answers in time is not known', async () => {
  const { a, stream } = await cluster()
  a.hold = (id) => (id === 'r1' ? { code: Code.FailedPrecondition, name: 'SEAT_TAKEN' } : 'never')
  expect(await codeOf(hold(stream, 'r1'))).toBe('SEAT_TAKEN')
  const late = stream.call(holdSeats, { requestId: 'r2' }, { timeoutMs: 300 })
  expect(describeError(await late.catch((reason: unknown) => reason))).toMatchObject({
    code: 'OUTCOME_UNKNOWN',
    outcome: 'unknown',
  })
})

test('what has no request id is not asked twice', async () => {
  const { a, b, stream } = await cluster()
  a.hold = () => 'never'
  const call = stream.call(AccountService.method.endSession, {})
  await expect.poll(() => a.holds.length).toBe(1)
  const code = codeOf(call)
  await a.stop()
  expect(await code).toBe('OUTCOME_UNKNOWN')
  expect(b.holds).toEqual([])
})

test('each call says how long its caller waits, and each frame when it was sent', async () => {
  const { a, stream } = await cluster()
  const before = performance.now()
  const request = { requestId: 'r1' }
  await stream.call(holdSeats, request, { timeoutMs: 2_000 })
  await stream.call(holdSeats, request, { timeoutMs: 3_600_000 })
  expect(a.timeoutsMs[0]).toBeGreaterThan(0)
  expect(a.timeoutsMs[0]).toBeLessThanOrEqual(2_000)
  expect(a.timeoutsMs[1]).toBe(60_000)
  expect(a.sentMs[0]).toBeGreaterThanOrEqual(before)
  expect(a.sentMs[1]).toBeGreaterThan(a.sentMs[0] ?? 0)
})

test('each frame is of one session', async () => {
  const { a, stream } = await cluster()
  await Promise.all([hold(stream, 'r1', 'ann'), hold(stream, 'r2', 'ann'), hold(stream, 'r3')])
  expect(a.sessions).toEqual(['ann', 'ann', ''])
  expect(a.frames).toEqual([2, 1])
})

test('more calls than it may hold are refused at once, and nothing of them is sent', async () => {
  const { a, stream } = await cluster({}, 2)
  a.hold = () => 'never'
  const two = [hold(stream, 'r1'), hold(stream, 'r2')].map((call) => call.catch(() => undefined))
  expect(await codeOf(hold(stream, 'r3'))).toBe('STREAM_FULL')
  await expect.poll(() => a.holds).toEqual(['r1', 'r2'])
  a.hold = () => ({ bookingId: 7n })
  a.endStreams(new ConnectError('gone', Code.Unavailable))
  expect(await Promise.all(two)).toEqual([7n, 7n])
})

test('the example of the README runs', async () => {
  const node = await startFakeStreamNode()
  nodes.push(node)
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [, section = ''] = readme.split('## Many calls: a stream of commands')
  const example = /```ts\n([\s\S]*?)```/.exec(section)?.[1] ?? ''
  expect(example).toContain('openCommandStream')
  const file = new URL(`./readme-example-${process.pid}.ts`, import.meta.url)
  // The package itself is not built yet when its tests run.
  const runnable = example
    .replace(/http:\/\/localhost:3001/, node.url)
    .replace("'@quorail/cluster-client'", "'../src/index.ts'")
  expect(runnable).toContain("'../src/index.ts'")
  writeFileSync(file, runnable)
  try {
    await import(file.href)
    expect(node.holds).toHaveLength(3)
  } finally {
    rmSync(file)
  }
})
