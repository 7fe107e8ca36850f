import type { RegisterAccount } from '@quorail/booking-fsm'
import { describe, expect, test } from 'vitest'
import { MemoryCluster } from '../testing/memory-cluster.ts'
import type { RunningHost } from './node-host.ts'
import { StateDivergedError } from './state-diverged-error.ts'

const ids = ['n1', 'n2', 'n3']
const othersOf = (id: string) => ids.filter((it) => it !== id)

const command = (number: number): RegisterAccount => ({
  type: 'registerAccount',
  email: `p${number}@example.org`,
  displayName: 'Pat',
  passwordHash: 'x',
  role: 'passenger',
})

let people = 0
async function register(cluster: MemoryCluster, host: RunningHost): Promise<void> {
  people += 1
  const submitted = host.submit({ actor: 0, key: undefined, command: command(people) })
  await cluster.run(100)
  await submitted
}

/** Changes a row of a node that is stopped; its hash is made from the rows, so it fits. */
function damage(cluster: MemoryCluster, id: string, name: string): void {
  const { rows } = cluster.rows(id)
  const found = [...rows].find(([, { table }]) => table === 'accounts')
  if (found === undefined) throw new Error('no account')
  const [key, row] = found
  const values = row.values.map((value) => (value === 'Pat' ? name : value))
  expect(values).not.toEqual(row.values)
  rows.set(key, { ...row, values })
}

async function damaged(...victims: readonly string[]): Promise<MemoryCluster> {
  const cluster = await MemoryCluster.start()
  await register(cluster, await cluster.leader())
  await cluster.run(2_000)
  for (const [at, id] of victims.entries()) {
    await cluster.stopNode(id)
    damage(cluster, id, `Damaged ${at}`)
  }
  return cluster
}

describe('a node whose state is not the majority’s', () => {
  test.each(ids)('is found and stops serving; the others sell (%s)', async (victim) => {
    const cluster = await damaged(victim)
    const said: string[] = []
    cluster.onHashVerdict = (id, { state, differing }) =>
      said.push([id, state, ...differing].join(' '))
    // While it was away the others went on.
    await register(cluster, await cluster.leader())
    await cluster.startNode(victim)
    const host = cluster.host(victim)
    await cluster.run(10_000)
    expect(host.divergence()).toBe('minority')
    expect(host.status().ready).toBe(false)
    expect(said).toContain(`${victim} minority`)
    for (const id of othersOf(victim)) {
      expect(said).toContain(`${id} agrees ${victim}`)
      expect(cluster.host(id).divergence()).toBeUndefined()
    }
    expect(said).toHaveLength(3)
    const refusal = expect(
      host.submit({ actor: 0, key: undefined, command: command(0) }),
    ).rejects.toEqual(new StateDivergedError('minority'))
    await expect(host.settleRead()).rejects.toBeInstanceOf(StateDivergedError)
    await refusal
    await register(cluster, await cluster.leader())
  })

  test('never serves as leader, and hands over as often as it is elected', async () => {
    const cluster = await damaged('n1')
    await cluster.startNode('n1')
    await cluster.run(4_000)
    for (let turn = 0; turn < 10; turn += 1) {
      const leader = await cluster.leader()
      expect(leader.id).not.toBe('n1')
      await cluster.stopNode(leader.id)
      for (let passed = 0; passed < 4_000; passed += 20) {
        await cluster.run(20)
        expect(cluster.host('n1').isServingLeader()).toBe(false)
        expect(cluster.host('n1').showsWhatIsTrue()).toBe(false)
      }
      await cluster.startNode(leader.id)
    }
  })

  test('stays so when nobody answers any more, until it is started with a good state', async () => {
    const cluster = await damaged('n1')
    await cluster.startNode('n1')
    await cluster.run(4_000)
    for (const id of ids) cluster.silentHashes.add(id)
    await cluster.run(10_000)
    expect(cluster.host('n1').divergence()).toBe('minority')
    cluster.silentHashes.clear()
    await cluster.stopNode('n1')
    damageUndone(cluster, 'n1')
    await cluster.startNode('n1')
    await cluster.run(4_000)
    expect(cluster.host('n1').divergence()).toBeUndefined()
    expect(cluster.host('n1').status().ready).toBe(true)
  })
})

function damageUndone(cluster: MemoryCluster, id: string): void {
  const { rows } = cluster.rows(id)
  for (const [key, row] of rows)
    rows.set(key, {
      ...row,
      values: row.values.map((value) => (value === 'Damaged 0' ? 'Pat' : value)),
    })
}

describe('states that differ without a majority', () => {
  test('let nobody write; reads go on', async () => {
    const cluster = await damaged('n1', 'n2')
    for (const id of ['n1', 'n2']) await cluster.startNode(id)
    await cluster.run(10_000)
    for (const id of ids) {
      const host = cluster.host(id)
      expect(host.divergence()).toBe('split')
      expect(host.isServingLeader()).toBe(false)
      await expect(host.submit({ actor: 0, key: undefined, command: command(0) })).rejects.toEqual(
        new StateDivergedError('split'),
      )
    }
    const [leader] = ids.map((id) => cluster.host(id)).filter((it) => it.showsWhatIsTrue())
    if (leader === undefined) throw new Error('nobody reads')
    expect(leader.status().ready).toBe(true)
    const read = leader.settleRead()
    await cluster.run(200)
    await read
  })

  test('of two known of three are settled by the third', async () => {
    const cluster = await damaged('n1')
    await cluster.stopNode('n2')
    await cluster.startNode('n1')
    await cluster.run(6_000)
    for (const id of ['n1', 'n3']) expect(cluster.host(id).divergence()).toBe('split')
    await cluster.startNode('n2')
    await cluster.run(6_000)
    expect(cluster.host('n1').divergence()).toBe('minority')
    const leader = await cluster.leader()
    expect(leader.id).not.toBe('n1')
    await register(cluster, leader)
  })
})

describe('a healthy cluster', () => {
  test('keeps its leader when nobody says its hashes any more, and says nothing', async () => {
    const cluster = await MemoryCluster.start()
    const said: string[] = []
    cluster.onHashVerdict = (id) => said.push(id)
    cluster.onNotComparable = (id) => said.push(id)
    const leader = await cluster.leader()
    for (const id of ids) cluster.silentHashes.add(id)
    for (let passed = 0; passed < 40_000; passed += 1_000) {
      await cluster.run(1_000)
      await register(cluster, leader)
    }
    expect((await cluster.leader()).id).toBe(leader.id)
    expect(said).toEqual([])
  })

  test('has a leader, a little later, when nobody ever said its hashes', async () => {
    const cluster = new MemoryCluster()
    for (const id of ids) cluster.silentHashes.add(id)
    for (const id of ids) await cluster.startNode(id)
    await cluster.leader()
    // Held back first: a state that nobody has compared may be the wrong one.
    expect(cluster.clock.now()).toBeGreaterThanOrEqual(3_000)
    expect(cluster.clock.now()).toBeLessThan(5_000)
  })

  test('says once that a peer can not be compared, and serves', async () => {
    const cluster = await MemoryCluster.start()
    const said: string[] = []
    cluster.onNotComparable = (id, peer) => said.push(`${id} ${peer}`)
    cluster.emptyHashes.add('n3')
    const leader = await cluster.leader()
    await cluster.run(90_000)
    expect(said.toSorted()).toEqual(['n1 n3', 'n2 n3'])
    await register(cluster, leader)
  })
})
