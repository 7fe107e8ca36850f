import { type Command, info, type RegisterAccount, seatMap, stateHash } from '@quorail/booking-fsm'
import { NotLeaderError, OverloadedError, RaftError } from '@quorail/raft-core'
import { describe, expect, test } from 'vitest'
import { MemoryCluster } from '../testing/memory-cluster.ts'
import type { NodeHost, Submission } from './types.ts'

const ids = ['n1', 'n2', 'n3']

let number = 0
function register(): Submission & { readonly command: RegisterAccount } {
  number += 1
  return {
    actor: 0,
    key: undefined,
    command: {
      type: 'registerAccount',
      email: `p${number}@example.org`,
      displayName: 'P',
      passwordHash: 'x',
      role: 'passenger',
    },
  }
}

describe('a cluster of three hosts', () => {
  test('is founded by its first leader, once', async () => {
    const cluster = await MemoryCluster.start()
    const leader = await cluster.leader()
    expect(info(leader.state)).toMatchObject({ founded: true, holdMs: 60_000, currency: 'EUR' })
    await cluster.run(2_000)
    expect(leader.status().lastIndex).toBe(2) // the noop of the term, and the founding
  })

  test('replicates a command, answers with its reply, and has one state everywhere', async () => {
    const cluster = await MemoryCluster.start()
    const leader = await cluster.leader()
    const submitted = leader.submit(register())
    await cluster.run(50)
    const { reply, index } = await submitted
    expect(reply).toEqual({ type: 'accountRegistered', accountId: 1 })
    await cluster.run(2_000)
    const statuses = ids.map((id) => cluster.host(id).status())
    expect(new Set(statuses.map((it) => it.stateHash)).size).toBe(1)
    for (const status of statuses)
      expect(status).toMatchObject({ appliedIndex: index, durableIndex: index, ready: true })
  })

  test('is led by the one that the others name', async () => {
    const cluster = await MemoryCluster.start()
    const leader = await cluster.leader()
    await cluster.run(200)
    for (const id of ids)
      expect(cluster.host(id).leader()).toMatchObject({
        id: leader.id,
        clientUrl: `http://${leader.id}:1`,
      })
    const follower = ids.map((id) => cluster.host(id)).find((host) => host !== leader)
    await expect(follower?.settleRead()).rejects.toBeInstanceOf(NotLeaderError)
    const refused = follower?.submit(register())
    const expectation = expect(refused).rejects.toBeInstanceOf(NotLeaderError)
    await cluster.run(20)
    await expectation
  })

  test('is not sent to the one elected before it serves', async () => {
    const cluster = await MemoryCluster.start()
    const named: unknown[] = []
    for (const host of ids.map((id) => cluster.host(id)))
      host.onChange(() => {
        if (host.status().role === 'leader' && !host.isServingLeader()) named.push(host.leader())
      })
    const leader = await cluster.leader()
    expect(named).toContain(undefined)
    expect(new Set(named).size).toBe(1)
    expect(leader.leader()?.id).toBe(leader.id)
  })

  test('gives a linearizable read on the leader', async () => {
    const cluster = await MemoryCluster.start()
    const leader = await cluster.leader()
    const read = leader.settleRead()
    await cluster.run(100)
    await expect(read).resolves.toBeUndefined()
  })

  test('answers within 5 s when the majority is gone, and never hangs', async () => {
    const cluster = await MemoryCluster.start()
    const leader = await cluster.leader()
    for (const id of ids) if (id !== leader.id) cluster.network.disconnect(id)
    const answers: unknown[] = []
    for (const asked of [leader.submit(register()), leader.settleRead()])
      asked.catch((error: unknown) => answers.push(error))
    await cluster.run(4_900)
    expect(answers).toEqual([expect.any(RaftError), expect.any(RaftError)])
    const later = leader.submit(register()).catch((error: unknown) => error)
    await cluster.run(20)
    expect(await later).toMatchObject({ code: 'notLeader' })
    expect(leader.isServingLeader()).toBe(false)
  })

  test('comes back from its rows and its log, hash for hash', async () => {
    const cluster = await MemoryCluster.start()
    const leader = await cluster.leader()
    const before = leader.submit(register())
    await cluster.run(2_000)
    await before
    const hash = stateHash(leader.state)
    for (const id of ids) await cluster.stopNode(id)
    for (const id of ids) await cluster.startNode(id)
    for (const id of ids) expect(stateHash(cluster.host(id).state)).toBe(hash)
    await cluster.leader()
  })

  test('applies from its log what its database does not have yet', async () => {
    const cluster = await MemoryCluster.start()
    const leader = await cluster.leader()
    cluster.rows(leader.id).hold()
    const submitted = leader.submit(register())
    await cluster.run(100)
    const { index } = await submitted
    expect(cluster.rows(leader.id).appliedIndex).toBeLessThan(index)
    expect(leader.status().durableIndex).toBeLessThan(index)
    cluster.rows(leader.id).release()
    await cluster.run(1_500)
    expect(leader.status().durableIndex).toBe(index)
  })
})

describe('the database behind the log', () => {
  test('is fatal when it can not be written', async () => {
    const cluster = await MemoryCluster.start()
    const leader = await cluster.leader()
    cluster.rows(leader.id).failure = new Error('disk I/O error')
    const submitted = leader.submit(register()).catch((error: unknown) => error)
    await cluster.run(300)
    await submitted
    expect(cluster.failures.map((error) => error.message)).toEqual(['disk I/O error'])
  })

  test('makes the node refuse work, certainly not done, when it falls far behind', async () => {
    const cluster = await MemoryCluster.start()
    const leader = await cluster.leader()
    cluster.rows(leader.id).hold()
    const refusals: unknown[] = []
    // Some rows each: the meta row and the account.
    for (let at = 0; at < 30 && refusals.length === 0; at += 1) {
      for (let many = 0; many < 100; many += 1)
        leader.submit(register()).catch((error: unknown) => refusals.push(error))
      await cluster.run(100)
    }
    expect(refusals[0]).toBeInstanceOf(OverloadedError)
  })
})

describe('time', () => {
  test('passes in an idle cluster: a seat whose hold has expired is free within a second', async () => {
    const cluster = await MemoryCluster.start()
    const leader = await cluster.leader()
    const seats = await holdTheOnlySeat(cluster, leader)
    expect(freeSeats(leader)).toBe(0)
    await cluster.run(59_000)
    expect(freeSeats(leader)).toBe(0)
    const before = leader.status().lastIndex
    await cluster.run(2_000)
    expect(seats).toEqual([0])
    expect(freeSeats(leader)).toBe(1)
    expect(leader.status().lastIndex).toBe(before + 1) // one clock entry, and no more
  })

  test('does not go back with a leader whose clock is behind', async () => {
    const cluster = await MemoryCluster.start()
    const first = await cluster.leader()
    const submitted = first.submit(register())
    await cluster.run(500)
    await submitted
    const before = info(first.state).nowMs
    for (const id of ids) if (id !== first.id) cluster.wallOffsetMs.set(id, -3_600_000)
    await cluster.stopNode(first.id)
    const second = await cluster.leader()
    const again = second.submit(register())
    await cluster.run(100)
    await again
    expect(info(second.state).nowMs).toBeGreaterThanOrEqual(before)
    expect(info(second.state).nowMs).toBeLessThan(before + 60_000)
  })
})

/** A railway with one train, one run and one seat, which is held. */
async function holdTheOnlySeat(
  cluster: MemoryCluster,
  leader: NodeHost,
): Promise<readonly number[]> {
  const station = (code: string) => ({
    code,
    name: code,
    aliases: [],
    searchTerms: [code.toLowerCase()],
    latitudeE6: 0,
    longitudeE6: 0,
    timeZone: 'UTC',
  })
  const stop = (stationCode: string, seconds: number, distanceMetres: number) => ({
    stationCode,
    arrivalSeconds: seconds,
    departureSeconds: seconds,
    distanceMetres,
    boarding: true,
    alighting: true,
  })
  const fare = { classCode: '2', baseMinor: 100, perThousandKilometresMinor: 100 }
  const commands: Command[] = [
    { type: 'setFareRule', validFromMs: 0, classes: [fare] },
    { type: 'setRefundRule', validFromMs: 0, bands: [] },
    { type: 'putStations', importId: undefined, stations: [station('A'), station('B')] },
    {
      type: 'addTrain',
      importId: undefined,
      number: 'T 1',
      name: '',
      stops: [stop('A', 36_000, 0), stop('B', 39_600, 100_000)],
      coaches: [{ label: '1', classCode: '2', rows: 1, columns: 'A' }],
      calendar: undefined,
    },
    {
      type: 'addRuns',
      importId: undefined,
      trainId: 1,
      trainNumber: '',
      runs: [{ serviceDate: 20270116, baseMs: MemoryCluster.epochMs + 86_400_000 }],
    },
  ]
  await apply(cluster, leader, register())
  for (const command of commands) {
    const reply = await apply(cluster, leader, { actor: 0, key: undefined, command })
    expect(reply.type, JSON.stringify(reply)).not.toBe('refused')
  }
  const held = await apply(cluster, leader, {
    actor: 1,
    key: { principal: 'a:1', method: 'HoldSeats', requestId: 'r', contentHash: 'c' },
    command: {
      type: 'holdSeats',
      runId: 1,
      fromStop: 0,
      toStop: 1,
      classCode: '2',
      passengers: [{ name: 'P' }],
      seats: [],
    },
  })
  if (held.type !== 'seatsHeld') throw new Error(JSON.stringify(held))
  return held.seats
}

async function apply(cluster: MemoryCluster, leader: NodeHost, submission: Submission) {
  const submitted = leader.submit(submission)
  await cluster.run(50)
  return (await submitted).reply
}

const freeSeats = ({ state }: NodeHost): number =>
  seatMap(state, 1, 0, 1).filter(({ free }) => free).length
