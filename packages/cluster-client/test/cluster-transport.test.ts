import { Code, ConnectError, createClient } from '@connectrpc/connect'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { ErrorDetail_Outcome, ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { afterEach, describe, expect, test } from 'vitest'
import {
  type ClusterTransportOptions,
  createClusterTransport,
  describeError,
  newRequestId,
} from '../src/index.ts'
import {
  type FakeNode,
  noQuorum,
  notLeader,
  outcomeUnknown,
  refusal,
  startFakeNode,
  transportOf,
  type Wire,
} from './fake-cluster.ts'

const nodes: FakeNode[] = []
afterEach(async () => {
  await Promise.all(nodes.splice(0).map((node) => node.stop()))
})

/** Waits that a busy machine keeps: for tests in which nobody should run out of time. */
const patient = { unaryMs: 15_000, attemptMs: 2_000, probeMs: 1_500 }

/** Waits short enough for a test, in the proportions of the real ones. */
const limits = {
  unaryMs: 3_000,
  attemptMs: 300,
  probeMs: 150,
  settleMs: 800,
  pauseFirstMs: 5,
  pauseMostMs: 60,
}

async function cluster(wire: Wire = 'http/1.1', options: Partial<ClusterTransportOptions> = {}) {
  const [a, b, c] = [
    await startFakeNode(wire),
    await startFakeNode(wire),
    await startFakeNode(wire),
  ]
  nodes.push(a, b, c)
  const transport = createClusterTransport({
    endpoints: [a.url, b.url, c.url],
    createTransport: transportOf(wire),
    ...options,
    limits: { ...limits, ...options.limits },
  })
  const bookings = createClient(BookingService, transport)
  const hold = (signal?: AbortSignal) => {
    const requestId = newRequestId()
    const promise = bookings.holdSeats(
      { requestId, runId: 1n, toStop: 1, classCode: '2', passengers: [{ name: 'Ada' }] },
      signal === undefined ? {} : { signal },
    )
    return { requestId, promise }
  }
  return { a, b, c, transport, bookings, hold }
}

const failureOf = async (promise: Promise<unknown>) => {
  try {
    await promise
  } catch (error) {
    return describeError(error)
  }
  throw new Error('the call was expected to fail')
}

describe.each(['http/1.1', 'h2c', 'browser'] as const)('over %s', (wire) => {
  test('follows the hint to the leader, with the same request id, and stays there', async () => {
    const { a, b, c, transport, hold } = await cluster(wire, { limits: patient })
    a.lead = () => {
      throw notLeader(c.url, 4n)
    }
    const first = hold()
    expect((await first.promise).booking?.bookingId).toBe(7n)
    expect([a.holds, b.holds, c.holds]).toEqual([[first.requestId], [], [first.requestId]])
    await hold().promise
    expect([a.holds.length, c.holds.length]).toEqual([1, 2])
    expect(transport.state()).toEqual({ leaderUrl: c.url, reachability: 'reachable', term: 4n })
  })

  test('goes on to the next node when one is dead', async () => {
    const { a, b, hold } = await cluster(wire, { limits: patient })
    await a.stop()
    const { requestId, promise } = hold()
    await promise
    expect(b.holds).toEqual([requestId])
  })

  test('a connection lost in the middle: the same request goes to another node', async () => {
    const { a, b, hold } = await cluster(wire, { limits: patient })
    a.lead = async () => {
      void a.stop()
      await new Promise(() => undefined)
    }
    const { requestId, promise } = hold()
    await promise
    expect([a.holds, b.holds]).toEqual([[requestId], [requestId]])
  })

  test('leaves a paused node, once it does not say that it is there, and finds it silent later', async () => {
    const { attemptMs } = patient
    const { a, b, hold } = await cluster(wire, {
      limits: { ...patient, silentMs: 100, probeMs: 400 },
    })
    await hold().promise
    a.pause()
    const startedAt = performance.now()
    await hold().promise
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(480)
    expect(performance.now() - startedAt).toBeLessThan(attemptMs)
    expect(b.holds.length).toBe(1)
    b.lead = () => {
      throw notLeader(a.url, 0n)
    }
    const again = performance.now()
    await hold().promise
    expect(performance.now() - again).toBeLessThan(attemptMs)
  })
})

test('a node that is slow, and says that it is there, is waited for', async () => {
  const { a, b, hold } = await cluster(undefined, { limits: { ...patient, silentMs: 50 } })
  a.lead = () => new Promise((resolve) => setTimeout(resolve, 400))
  const { requestId, promise } = hold()
  await promise
  expect([a.holds, b.holds]).toEqual([[requestId], []])
  // Once before the call, and again while it waits.
  expect(a.probes).toBeGreaterThan(2)
})

test('a node with too much to do is asked again when it said, and no other node', async () => {
  const { a, b, hold } = await cluster(undefined, { limits: patient })
  const busy = new ConnectError('x', Code.ResourceExhausted, undefined, [
    {
      desc: ErrorDetailSchema,
      value: { code: 'OVERLOADED', outcome: ErrorDetail_Outcome.NOT_DONE, retryAfterMs: 300 },
    },
  ])
  a.lead = () => {
    if (a.holds.length < 3) throw busy
  }
  const startedAt = performance.now()
  const { requestId, promise } = hold()
  await promise
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(600)
  expect([a.holds, b.holds]).toEqual([[requestId, requestId, requestId], []])
})

test('a pause that is longer than the call is the answer', async () => {
  const { a, hold } = await cluster(undefined, { limits: patient })
  a.lead = () => {
    throw new ConnectError('x', Code.ResourceExhausted, undefined, [
      {
        desc: ErrorDetailSchema,
        value: {
          code: 'RATE_LIMITED',
          outcome: ErrorDetail_Outcome.NOT_DONE,
          retryAfterMs: 60_000,
        },
      },
    ])
  }
  expect(await failureOf(hold().promise)).toMatchObject({ code: 'RATE_LIMITED' })
  expect(a.holds.length).toBe(1)
})

test('never follows a hint to an address it was not given', async () => {
  const { a, b, hold } = await cluster()
  const stranger = await startFakeNode('http/1.1')
  nodes.push(stranger)
  a.lead = () => {
    throw notLeader(stranger.url, 9n)
  }
  await hold().promise
  expect([stranger.holds.length + stranger.probes, b.holds.length]).toEqual([0, 1])
})

test('nodes that name each other do not keep it from the real leader', async () => {
  const { a, b, c, hold } = await cluster()
  a.lead = () => {
    throw notLeader(b.url, 3n)
  }
  b.lead = () => {
    throw notLeader(a.url, 3n)
  }
  await hold().promise
  expect([a.holds.length, b.holds.length, c.holds.length]).toEqual([1, 1, 1])
})

test('nodes that only name each other: ends in time, certainly not done', async () => {
  const { a, b, c, hold } = await cluster('http/1.1', { limits: { unaryMs: 500 } })
  const circle = [a, b, c]
  for (const [i, node] of circle.entries()) {
    node.lead = () => {
      throw notLeader((circle[(i + 1) % 3] as FakeNode).url, 3n)
    }
  }
  const error = await failureOf(hold().promise)
  expect(error).toMatchObject({ code: 'NO_LEADER', outcome: 'notDone', retryable: true })
  expect(a.holds.length).toBeLessThan(30)
})

test('a hint of a lower term than seen is ignored', async () => {
  const { a, b, c, transport, hold } = await cluster('http/1.1', { limits: patient })
  a.lead = () => {
    throw notLeader(b.url, 5n)
  }
  await hold().promise
  expect(transport.state().term).toBe(5n)
  b.lead = () => {
    throw notLeader(a.url, 4n)
  }
  await hold().promise
  expect([a.holds.length, b.holds.length, c.holds.length]).toEqual([1, 2, 1])
})

test('a used-up budget ends the call, but every node is tried once all the same', async () => {
  const { a, b, c, hold } = await cluster('http/1.1', { limits: { budget: 2, budgetPerSecond: 0 } })
  for (const node of [a, b, c]) {
    node.lead = () => {
      throw notLeader('', 1n)
    }
  }
  await failureOf(hold().promise)
  expect([a, b, c].map((node) => node.holds.length)).toEqual([2, 2, 1])
  c.lead = () => undefined
  await hold().promise
  expect(c.holds.length).toBe(2)
})

test('the caller can stop it at any time', async () => {
  const { a, hold } = await cluster('http/1.1', { limits: patient })
  const controller = new AbortController()
  let serverSaw = false
  a.lead = (context) =>
    new Promise((resolve) => {
      setTimeout(() => controller.abort(), 20)
      context.signal.addEventListener('abort', () => {
        serverSaw = true
        resolve()
      })
    })
  const { promise } = hold(controller.signal)
  await expect(promise).rejects.toMatchObject({ code: Code.Canceled })
  await expect.poll(() => serverSaw).toBe(true)
  expect(a.holds.length).toBe(1)
})

test('an unknown outcome is asked again with the same request', async () => {
  const { a, b, hold } = await cluster()
  a.lead = () => {
    if (a.holds.length === 1) throw outcomeUnknown()
  }
  b.lead = () => {
    throw notLeader(a.url, 1n)
  }
  const { requestId, promise } = hold()
  await promise
  expect(new Set([...a.holds, ...b.holds])).toEqual(new Set([requestId]))
})

test('a message without a request id is not sent twice when its outcome is not known', async () => {
  const { a, b, c, transport } = await cluster('http/1.1', { repeatable: [] })
  const accounts = createClient(AccountService, transport)
  a.lead = () => {
    throw outcomeUnknown()
  }
  const error = await failureOf(accounts.logIn({ email: 'a@b.c', password: 'x' }))
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', outcome: 'unknown' })
  expect([a.logIns, b.logIns, c.logIns]).toEqual([1, 0, 0])
  a.lead = () => {
    throw notLeader(b.url, 1n)
  }
  await accounts.logIn({ email: 'a@b.c', password: 'x' })
  expect([a.logIns, b.logIns]).toEqual([2, 1])
})

test('a refusal of the request itself is given at once, with its seats and figure', async () => {
  const { a, b, hold } = await cluster()
  a.lead = () => {
    throw refusal(Code.FailedPrecondition, 'SEAT_TAKEN', ErrorDetail_Outcome.NOT_DONE)
  }
  const error = await failureOf(hold().promise)
  expect(error).toMatchObject({ code: 'SEAT_TAKEN', outcome: 'notDone', retryable: false })
  expect(b.holds).toEqual([])
})

test('no quorum: certainly not done, and said as soon as asking longer is of no use', async () => {
  const { a, b, c, transport, hold } = await cluster()
  await Promise.all([b.stop(), c.stop()])
  a.lead = () => {
    throw noQuorum()
  }
  const startedAt = performance.now()
  const error = await failureOf(hold().promise)
  expect(error).toMatchObject({ code: 'NO_QUORUM', outcome: 'notDone' })
  expect(performance.now() - startedAt).toBeLessThan(limits.unaryMs / 2)
  expect(transport.state().reachability).toBe('noLeader')
})

test('no quorum after an attempt that was lost: unknown, whatever the later answers say', async () => {
  const { a, b, c, hold } = await cluster()
  a.lead = async () => {
    void a.stop()
    await new Promise(() => undefined)
  }
  for (const node of [b, c]) {
    node.lead = () => {
      throw noQuorum()
    }
  }
  const error = await failureOf(hold().promise)
  expect(error).toMatchObject({ code: 'OUTCOME_UNKNOWN', outcome: 'unknown', retryable: true })
  expect(error.sentence).toContain('We could not find out whether')
  expect(error.sentence).toContain('Nothing more will be charged')
})

test('no node reachable: a code, a sentence, and the state says so before the call ends', async () => {
  const { a, b, c, transport, hold } = await cluster('browser', { limits: { unaryMs: 600 } })
  await Promise.all([a.stop(), b.stop(), c.stop()])
  const order: string[] = []
  transport.subscribe(() => {
    if (transport.state().reachability === 'unreachable') order.push('said')
  })
  const error = await failureOf(hold().promise)
  order.push('ended')
  // The probe failed, so nothing was sent: even in a browser it is certain that nothing was done.
  expect(error).toMatchObject({ code: 'NO_NODE_REACHABLE', outcome: 'notDone', retryable: true })
  expect(error.sentence.length).toBeGreaterThan(20)
  expect(order.slice(0, 2)).toEqual(['said', 'ended'])
})

test('the state is one object until it changes, and listeners can leave', async () => {
  const { transport, hold } = await cluster()
  let changes = 0
  const leave = transport.subscribe(() => changes++)
  const before = transport.state()
  expect(transport.state()).toBe(before)
  await hold().promise
  const after = transport.state()
  expect(after).not.toBe(before)
  await hold().promise
  expect(transport.state()).toBe(after)
  expect(changes).toBe(1)
  leave()
})

test('endpoints are compared without a trailing slash, and none is a mistake', async () => {
  expect(() =>
    createClusterTransport({ endpoints: [], createTransport: transportOf('browser') }),
  ).toThrow('endpoints')
  const { a, b } = await cluster()
  const transport = createClusterTransport({
    endpoints: [`${a.url}/`, `${b.url}/`],
    createTransport: transportOf('http/1.1'),
  })
  a.lead = () => {
    throw notLeader(b.url, 1n)
  }
  await createClient(BookingService, transport).getBooking({ bookingId: 1n })
  expect(transport.state().reachability).toBe('reachable')
})

test('goes to a member that came later, if it may', async () => {
  for (const followMembers of [true, false]) {
    const added = await startFakeNode('http/1.1')
    nodes.push(added)
    const { a, b, c, hold } = await cluster('http/1.1', { followMembers, limits: patient })
    for (const node of [a, b, c]) {
      node.members = [a.url, b.url, c.url, added.url]
      node.lead = () => {
        throw notLeader(added.url, 3n)
      }
    }
    const { requestId, promise } = hold()
    if (followMembers) {
      expect(await promise).toMatchObject({ booking: { bookingId: 7n } })
      expect(added.holds).toEqual([requestId])
    } else {
      await expect(promise).rejects.toThrow('NO_LEADER')
      expect(added.holds).toEqual([])
    }
  }
})

test('goes to a member that came later and leads, though all others answer and none is ever doubted', async () => {
  const added = await startFakeNode('http/1.1')
  nodes.push(added)
  const { a, b, c, hold, bookings } = await cluster('http/1.1', {
    followMembers: true,
    limits: { ...patient, unaryMs: 5_000 },
  })
  // All are heard of, and asked for their members, before there is another one.
  for (const [node, leader] of [
    [a, b],
    [b, c],
    [c, undefined],
  ] as const)
    node.lead = () => {
      if (leader !== undefined) throw notLeader(leader.url, 1n)
    }
  await hold().promise
  for (const node of [a, b, c]) {
    node.members = [a.url, b.url, c.url, added.url]
    node.lead = () => {
      throw notLeader(added.url, 2n)
    }
  }
  const { requestId, promise } = hold()
  expect(await promise).toMatchObject({ booking: { bookingId: 7n } })
  expect(added.holds).toEqual([requestId])
  expect(await bookings.getBooking({ bookingId: 7n })).toMatchObject({ booking: { bookingId: 7n } })
})
