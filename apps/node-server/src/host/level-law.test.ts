import { LATEST_FEATURE_LEVEL } from '@quorail/booking-fsm'
import { describe, expect, test } from 'vitest'
import { MemoryCluster } from '../testing/memory-cluster.ts'

const ids = ['n1', 'n2', 'n3']

/** Founded by versions that knew the first level only; some know more by now. */
async function cluster(supported: Readonly<Record<string, number>>): Promise<MemoryCluster> {
  const members = new MemoryCluster()
  members.foundingLevel = 1
  for (const id of ids) {
    members.supportedLevels.set(id, supported[id] ?? LATEST_FEATURE_LEVEL)
    await members.startNode(id)
  }
  await members.leader()
  return members
}

const latest = ids.map(() => LATEST_FEATURE_LEVEL)
const levels = (members: MemoryCluster) => ids.map((id) => members.host(id).status().featureLevel)

describe('the feature level of a cluster', () => {
  test('is raised by its leader, once every member knows the next one', async () => {
    const members = await cluster({})
    await members.run(5_000)
    expect(levels(members)).toEqual(latest)
    const { commitIndex } = (await members.leader()).status()
    await members.run(10_000)
    // Once, and not again.
    expect((await members.leader()).status().commitIndex).toBe(commitIndex)
  })

  test.each(ids)('is held back by one member of an older version (%s)', async (old) => {
    const members = await cluster({ [old]: 1 })
    await members.run(15_000)
    expect(levels(members)).toEqual([1, 1, 1])
    expect(members.host(old).status()).toMatchObject({ supportedFeatureLevel: 1 })
    // It comes back as a new version.
    await members.stopNode(old)
    members.supportedLevels.set(old, LATEST_FEATURE_LEVEL)
    await members.run(5_000)
    await members.startNode(old)
    await members.run(15_000)
    expect(levels(members)).toEqual(latest)
  })

  test('is held back by a member that does not answer', async () => {
    const members = new MemoryCluster()
    members.foundingLevel = 1
    for (const id of ['n1', 'n2']) await members.startNode(id)
    const leader = await members.leader()
    await members.run(15_000)
    expect(leader.status().featureLevel).toBe(1)
    await members.startNode('n3')
    await members.run(10_000)
    expect(levels(members)).toEqual(latest)
  })
})
