import { type Command, findBooking, findDisruption, pendingOutbox } from '@quorail/booking-fsm'
import { expect, test } from 'vitest'
import { MemoryCluster } from '../testing/memory-cluster.ts'
import { disruptionWork } from './disruption-work.ts'
import { type LeaderWork, startLeaderWork } from './leader-work.ts'
import type { NodeHost } from './types.ts'

const PASSENGERS = 2_000
const day = 86_400_000
const ids = ['n1', 'n2', 'n3']

const stop = (stationCode: string, hour: number) => ({
  stationCode,
  arrivalSeconds: hour * 3_600,
  departureSeconds: hour * 3_600,
  distanceMetres: hour * 100_000,
  boarding: true,
  alighting: true,
})
const station = (code: string) => ({
  code,
  name: code,
  aliases: [],
  searchTerms: [code.toLowerCase()],
  latitudeE6: 0,
  longitudeE6: 0,
  timeZone: 'UTC',
})

/** All at once; the replies in order. */
async function all(cluster: MemoryCluster, host: NodeHost, sent: [Command, number][]) {
  const submitted = Promise.all(
    sent.map(([command, actor]) => host.submit({ actor, key: undefined, command })),
  )
  await cluster.run(300)
  return (await submitted).map(({ reply }) => reply)
}

/** A train with a seat for everybody, sold out, the money taken. */
async function soldOut(cluster: MemoryCluster): Promise<void> {
  const leader = await cluster.leader()
  const cluster0 = (command: Command): [Command, number] => [command, 0]
  const coaches = [{ label: '1', classCode: '2', rows: 200, columns: 'ABCDEFGHIJ' }]
  const fare = { classCode: '2', baseMinor: 1_000, perThousandKilometresMinor: 0 }
  const account = { email: 'a@example.org', displayName: 'A', passwordHash: 'h' }
  const baseMs = MemoryCluster.epochMs + 5 * day
  await all(
    cluster,
    leader,
    [
      { type: 'setFareRule', validFromMs: 0, classes: [fare] },
      { type: 'putStations', importId: undefined, stations: ['A', 'B'].map(station) },
      {
        ...{ type: 'addTrain', importId: undefined, number: 'IC 1', name: '', coaches },
        ...{ stops: [stop('A', 1), stop('B', 2)], calendar: undefined },
      },
      {
        ...{ type: 'addRuns', importId: undefined, trainId: 1, trainNumber: '' },
        runs: [{ serviceDate: 20270120, baseMs }],
      },
      { type: 'registerAccount', ...account, role: 'passenger' },
    ].map((command) => cluster0(command as Command)),
  )
  const journey = { runId: 1, fromStop: 0, toStop: 1, classCode: '2', seats: [] }
  const numbers = Array.from({ length: PASSENGERS }, (_, i) => i + 1)
  for (let from = 0; from < PASSENGERS; from += 250) {
    const some = numbers.slice(from, from + 250)
    const hold = { type: 'holdSeats', ...journey, passengers: [{ name: 'P' }] } as const
    await all(
      cluster,
      leader,
      some.map(() => [hold, 1]),
    )
    await all(
      cluster,
      leader,
      some.map((bookingId) => [
        { type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor: 1_000 },
        1,
      ]),
    )
    for (const _ of ['authorise', 'capture']) {
      await all(
        cluster,
        leader,
        pendingOutbox(leader.state, 250).map(({ outboxId }) =>
          cluster0({
            type: 'recordOutcome',
            outboxId,
            outcome: { type: 'done', providerReference: 'r' },
          }),
        ),
      )
    }
  }
}

/** Lets time pass until it is so. */
async function until(cluster: MemoryCluster, stepMs: number, holds: () => boolean): Promise<void> {
  for (let waited = 0; waited < 2_000; waited++) {
    if (holds()) return
    await cluster.run(stepMs)
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  throw new Error('it does not come')
}

test(`a run with ${PASSENGERS} bookings is cancelled, and another leader finishes it: each is paid back once`, async () => {
  const cluster = await MemoryCluster.start()
  await soldOut(cluster)
  const works = new Map<string, LeaderWork>()
  for (const id of ids) {
    works.set(
      id,
      startLeaderWork(cluster.host(id), disruptionWork(cluster.host(id), 1), () => {}, 1),
    )
  }
  const first = await cluster.leader()
  const rule = { choiceMs: 0, rebookMs: 0, minimumMinor: 0, maximumMinor: 0, bands: [] }
  await all(cluster, first, [
    [{ type: 'setCompensationRule', validFromMs: 0, ...rule }, 0],
    [{ type: 'cancelRun', runId: 1, reason: 'strike' }, 0],
  ])
  const stateOf = (host: NodeHost) => findDisruption(host.state, 1)
  // In steps so small that no two portions fit in.
  await until(cluster, 0, () => {
    const { phase, open = 0 } = stateOf(first) ?? {}
    return phase === 'choosing' && open < PASSENGERS && open > 0
  })
  // In the middle of the refunds.
  const stopping = works.get(first.id)?.stop()
  await cluster.stopNode(first.id)
  await stopping
  const second = await cluster.leader()
  expect(second.id).not.toBe(first.id)
  await until(cluster, 50, () => stateOf(second)?.phase === 'over')
  expect(stateOf(second)).toMatchObject({ bookings: PASSENGERS, open: 0 })
  const refunds = pendingOutbox(second.state, 9_999)
  expect(refunds.length).toBe(PASSENGERS)
  expect(new Set(refunds.map(({ bookingId }) => bookingId)).size).toBe(PASSENGERS)
  expect(refunds.every(({ kind, amountMinor }) => kind === 'refund' && amountMinor === 1_000)).toBe(
    true,
  )
  expect(findBooking(second.state, PASSENGERS)).toMatchObject({
    status: 'cancelled',
    refundMinor: 1_000,
    owedMinor: 0,
  })
  const ended = Promise.all([...works.values()].map((work) => work.stop()))
  await cluster.run(100)
  await ended
  expect(cluster.failures).toEqual([])
})
