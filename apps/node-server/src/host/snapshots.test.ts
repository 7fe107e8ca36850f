import { describe, expect, test } from 'vitest'
import { MemoryCluster } from '../testing/memory-cluster.ts'

let people = 0
const register = () => {
  people += 1
  return {
    actor: 0,
    key: undefined,
    command: {
      type: 'registerAccount',
      email: `p${people}@example.org`,
      displayName: 'P',
      passwordHash: 'scrypt$1',
      role: 'passenger',
    },
  } as const
}

async function registerMany(cluster: MemoryCluster, count: number): Promise<void> {
  const leader = await cluster.leader()
  const answers = Array.from({ length: count }, () => leader.submit(register()))
  await cluster.run(2_500)
  await Promise.all(answers)
}

describe('a node that was away for longer than the log is kept', () => {
  test('is given the state, and goes on with it, while the others sell', async () => {
    const cluster = new MemoryCluster()
    cluster.retainEntries = 10
    for (const id of ['n1', 'n2', 'n3']) await cluster.startNode(id)
    await registerMany(cluster, 5)
    const away = (await cluster.leader()).id === 'n3' ? 'n2' : 'n3'
    await cluster.stopNode(away)
    await registerMany(cluster, 200)

    const leader = await cluster.leader()
    const before = cluster.rows(away).appliedIndex
    const host = await cluster.startNode(away)
    const meanwhile = leader.submit(register())
    await cluster.run(3_000)
    expect((await meanwhile).reply.type).toBe('accountRegistered')
    expect(host.status().appliedIndex).toBe(leader.status().appliedIndex)
    expect(host.status().stateHash).toBe(leader.status().stateHash)
    // By the state, not by the log: what was there before was replaced, and not entry by entry.
    expect(cluster.rows(away).restoredIndex).toBeGreaterThan(before + 100)
    expect(host.status().ready).toBe(true)

    await registerMany(cluster, 3)
    expect(host.status().stateHash).toBe(leader.status().stateHash)
    await cluster.stopNode(away)
    const again = await cluster.startNode(away)
    await cluster.run(1_000)
    expect(again.status().stateHash).toBe(leader.status().stateHash)
    expect(cluster.failures).toEqual([])
  })

  test('keeps nothing of the log that its database does not have durably', async () => {
    const cluster = new MemoryCluster()
    cluster.retainEntries = 0
    for (const id of ['n1', 'n2', 'n3']) await cluster.startNode(id)
    const follower = (await cluster.leader()).id === 'n3' ? 'n2' : 'n3'
    cluster.rows(follower).hold()
    await registerMany(cluster, 100)
    const held = cluster.host(follower).status()
    expect(held.durableIndex).toBeLessThan(50)
    expect(held.firstIndex).toBeLessThanOrEqual(held.durableIndex + 1)
    cluster.rows(follower).release()
    await cluster.run(2_500)
    const released = cluster.host(follower).status()
    expect(released.durableIndex).toBe(released.appliedIndex)
    expect(released.firstIndex).toBe(released.durableIndex + 1)
  })
})
