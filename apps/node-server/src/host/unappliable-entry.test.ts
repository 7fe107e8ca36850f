/** An entry at which every node ends, and the way on that an operator has. */
import { LATEST_FEATURE_LEVEL, type RegisterAccount, stateHash } from '@quorail/booking-fsm'
import { MachineFailedError } from '@quorail/raft-core'
import { expect, test } from 'vitest'
import { MemoryCluster } from '../testing/memory-cluster.ts'
import { UnappliableEntryError } from './unappliable-entry.ts'

const ids = ['n1', 'n2', 'n3']
/** Whatever applies it, this version does not know what it means. */
const poison = { type: 'raiseFeatureLevel', level: LATEST_FEATURE_LEVEL + 1 } as const

const person = (name: string): RegisterAccount => ({
  type: 'registerAccount',
  email: `${name}@example.org`,
  displayName: name,
  passwordHash: 'x',
  role: 'passenger',
})

async function register(cluster: MemoryCluster, name: string): Promise<void> {
  const leader = await cluster.leader()
  const submitted = leader.submit({ actor: 0, key: undefined, command: person(name) })
  await cluster.run(200)
  await submitted
}

/** The entry is committed, and everybody has come to it. */
async function poisoned(cluster: MemoryCluster): Promise<UnappliableEntryError> {
  const leader = await cluster.leader()
  leader.submit({ actor: 0, key: undefined, command: poison }).catch(() => undefined)
  await cluster.run(3_000)
  return unappliable(cluster)
}

function unappliable({ failures }: MemoryCluster): UnappliableEntryError {
  const failure = failures[0]
  expect(failure).toBeInstanceOf(MachineFailedError)
  expect(failure?.cause).toBeInstanceOf(UnappliableEntryError)
  return failure?.cause as UnappliableEntryError
}

async function restart(cluster: MemoryCluster): Promise<void> {
  for (const id of ids) await cluster.stopNode(id)
  cluster.failures.length = 0
  for (const id of ids) await cluster.startNode(id)
  await cluster.run(3_000)
}

test('ends a majority of the nodes, each time they are started, and is named by index and term', async () => {
  const cluster = await MemoryCluster.start()
  await register(cluster, 'before')
  const { index, term, message } = await poisoned(cluster)
  // The third may not have heard that it is committed; alone it never will.
  expect(cluster.failures.length).toBeGreaterThan(1)
  expect(message).toContain(`entry ${index} of term ${term} can not be applied: `)
  await restart(cluster)
  expect(cluster.failures.length).toBeGreaterThan(1)
  expect(unappliable(cluster)).toMatchObject({ index, term })
})

test('is passed over by all nodes that are told so, and changes nothing; what came before and comes after counts', async () => {
  const cluster = await MemoryCluster.start()
  await register(cluster, 'before')
  const { index, term } = await poisoned(cluster)
  cluster.skippedEntries = new Map([[index, term]])
  await restart(cluster)
  expect(cluster.failures).toEqual([])
  await register(cluster, 'after')
  await cluster.run(10_000)
  const hashes = ids.map((id) => stateHash(cluster.host(id).state))
  expect(new Set(hashes).size).toBe(1)
  const { state } = cluster.host('n1')
  expect([...state.accounts.values()].map(({ email }) => email)).toEqual([
    'before@example.org',
    'after@example.org',
  ])
  for (const id of ids) expect(cluster.host(id).divergence()).toBeUndefined()
  // It is in the rows of all: who starts without being told goes on from there.
  cluster.skippedEntries = new Map()
  await restart(cluster)
  expect(cluster.failures).toEqual([])
})

test('an entry of another term at that index is not passed over', async () => {
  const cluster = await MemoryCluster.start()
  await register(cluster, 'before')
  const { index, term } = await poisoned(cluster)
  cluster.skippedEntries = new Map([[index, term + 1]])
  await restart(cluster)
  expect(unappliable(cluster)).toMatchObject({ index, term })
})
