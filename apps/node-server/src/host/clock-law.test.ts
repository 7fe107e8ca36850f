import { info } from '@quorail/booking-fsm'
import { NotLeaderError } from '@quorail/raft-core'
import { describe, expect, test } from 'vitest'
import { MemoryCluster } from '../testing/memory-cluster.ts'

const ids = ['n1', 'n2', 'n3']
const hour = 3_600_000
const command = { type: 'tick' } as const

/** Who served, at any moment of so much time. */
async function serving(cluster: MemoryCluster, ms: number): Promise<ReadonlySet<string>> {
  const seen = new Set<string>()
  for (let passed = 0; passed < ms; passed += 20) {
    await cluster.run(20)
    for (const id of ids) if (cluster.host(id).isServingLeader()) seen.add(id)
  }
  return seen
}

describe('a node whose clock is more than 5 s off the majority’s', () => {
  test.each([hour, -hour, 6_000])('does not lead, by %i ms', async (offset) => {
    for (const id of ids) {
      const cluster = new MemoryCluster()
      cluster.wallOffsetMs.set(id, offset)
      for (const node of ids) await cluster.startNode(node)
      const seen = await serving(cluster, 10_000)
      expect(seen.size).toBeGreaterThan(0)
      expect([...seen]).not.toContain(id)
      const status = cluster.host(id).status()
      expect(status.clockOffsetMs).toBeCloseTo(offset, 0)
      expect(Math.abs(info(cluster.host(id).state).nowMs - MemoryCluster.epochMs)).toBeLessThan(
        60_000,
      )
    }
  })

  test('hands leadership over when its clock is set while it leads, and takes nothing more', async () => {
    const cluster = await MemoryCluster.start()
    const old = await cluster.leader()
    cluster.wallOffsetMs.set(old.id, hour)
    await cluster.run(4_000)
    expect(old.isServingLeader()).toBe(false)
    const next = await cluster.leader()
    expect(next.id).not.toBe(old.id)
    expect(old.leader()?.id).toBe(next.id)
  })

  test('says that nobody leads while it is elected all the same', async () => {
    const cluster = await MemoryCluster.start()
    const old = await cluster.leader()
    const verdicts: string[] = []
    cluster.onClockVerdict = (id, { state }) => {
      verdicts.push(`${id} ${state}`)
      // Nobody to hand over to, just then.
      for (const other of ids) if (other !== old.id) cluster.network.disconnect(other)
    }
    cluster.wallOffsetMs.set(old.id, hour)
    for (let waited = 0; verdicts.length === 0 && waited < 5_000; waited += 10)
      await cluster.run(10)
    expect(verdicts).toEqual([`${old.id} off`])
    expect(old.status().role).toBe('leader')
    expect(old.leader()).toBeUndefined()
    expect(old.status().ready).toBe(false)
    await expect(old.submit({ actor: 0, key: undefined, command })).rejects.toEqual(
      new NotLeaderError(undefined, 'noLeader'),
    )
    await expect(old.settleRead()).rejects.toBeInstanceOf(NotLeaderError)
  })

  test('is still told apart when one of the two good ones has died', async () => {
    const cluster = await MemoryCluster.start()
    await cluster.run(4_000)
    const leader = await cluster.leader()
    const [bad, good] = ids.filter((id) => id !== leader.id) as [string, string]
    cluster.wallOffsetMs.set(bad, hour)
    await cluster.run(4_000)
    await cluster.stopNode(leader.id)
    for (let passed = 0; passed < 10_000; passed += 20) {
      await cluster.run(20)
      expect(cluster.host(bad).isServingLeader()).toBe(false)
    }
    expect(cluster.host(good).isServingLeader()).toBe(true)
  })

  test('may lead again when its clock is put right', async () => {
    const cluster = await MemoryCluster.start()
    const [first] = ids as [string]
    cluster.wallOffsetMs.set(first, hour)
    await cluster.run(4_000)
    cluster.wallOffsetMs.set(first, 0)
    await cluster.run(4_000)
    expect(cluster.host(first).status().clockOffsetMs).toBeCloseTo(0, 0)
    for (let turn = 0; turn < 20; turn += 1) {
      const leader = await cluster.leader()
      if (leader.id === first) return
      await cluster.stopNode(leader.id)
      await cluster.startNode(leader.id)
    }
    throw new Error(`${first} never led`)
  })
})

describe('a healthy cluster', () => {
  test('keeps its leader when nobody says any more what time it is', async () => {
    const cluster = await MemoryCluster.start()
    const { id } = await cluster.leader()
    const term = cluster.host(id).status().term
    for (const node of ids) cluster.silentClocks.add(node)
    expect([...(await serving(cluster, 20_000))]).toEqual([id])
    expect(cluster.host(id).status().term).toBe(term)
  })

  test('has a leader, a little later, when nobody ever said what time it is', async () => {
    const cluster = new MemoryCluster()
    for (const id of ids) cluster.silentClocks.add(id)
    for (const id of ids) await cluster.startNode(id)
    await cluster.leader()
    expect(cluster.clock.now()).toBeLessThan(5_000)
  })

  test('keeps its leader while the answers are slow and the clocks differ a little', async () => {
    const cluster = await MemoryCluster.start()
    cluster.wallOffsetMs.set('n1', 4_000)
    const { id } = await cluster.leader()
    cluster.clockDelayMs = 700
    expect([...(await serving(cluster, 20_000))]).toEqual([id])
  })
})
