/** The rows that are only written are compared between the nodes as the state is: ledger, audit, archive. */
import type { RegisterAccount, Row } from '@quorail/booking-fsm'
import { expect, test } from 'vitest'
import { MemoryCluster } from '../testing/memory-cluster.ts'
import type { HashVerdict } from './hash-verdict.ts'
import { judgeHashes, judgeRecords } from './hash-verdict.ts'

const ids = ['n1', 'n2', 'n3']
const stray: Row = {
  table: 'ledger_lines',
  values: [900, 1, 1, 'fareRevenue', -5, 6, 7, 'capture'],
}

let people = 0
async function register(cluster: MemoryCluster): Promise<void> {
  people += 1
  const command: RegisterAccount = {
    type: 'registerAccount',
    email: `p${people}@example.org`,
    displayName: 'Pat',
    passwordHash: 'x',
    role: 'passenger',
  }
  const submitted = (await cluster.leader()).submit({ actor: 0, key: undefined, command })
  await cluster.run(100)
  await submitted
}

test.each(ids)('a node with a line that the others have not stops serving (%s)', async (victim) => {
  const cluster = await MemoryCluster.start()
  await register(cluster)
  await cluster.run(5_000)
  const verdicts = new Map<string, HashVerdict>()
  cluster.onHashVerdict = (id, verdict) => verdicts.set(id, verdict)
  for (const id of ids) expect(cluster.host(id).divergence()).toBeUndefined()
  cluster.rows(victim).strayRecord = stray
  await register(cluster)
  await cluster.run(10_000)
  expect(cluster.host(victim).divergence()).toBe('minority')
  expect(verdicts.get(victim)).toMatchObject({ state: 'minority', ofRecords: true })
  for (const id of ids.filter((it) => it !== victim)) {
    expect(cluster.host(id).divergence()).toBeUndefined()
    expect(verdicts.get(id)).toMatchObject({ differing: [victim], ofRecords: true })
  }
  await register(cluster)
})

test('two nodes that differ, and no third: nobody writes until it is back', async () => {
  const cluster = await MemoryCluster.start()
  await register(cluster)
  await cluster.stopNode('n3')
  cluster.rows('n1').strayRecord = stray
  await register(cluster)
  await cluster.run(10_000)
  for (const id of ['n1', 'n2']) expect(cluster.host(id).divergence()).toBe('split')
  await cluster.startNode('n3')
  await cluster.run(20_000)
  expect(cluster.host('n1').divergence()).toBe('minority')
  expect(cluster.host('n2').divergence()).toBeUndefined()
  await register(cluster)
})

test('the state and the records are judged apart', () => {
  const own = [
    { index: 5, stateHash: 'a' },
    { index: 5, stateHash: 'r', ofRecords: true },
  ] as const
  const peer = (state: string, records: string) => ({
    id: 'n2',
    checkpoints: [
      { index: 5, stateHash: state },
      { index: 5, stateHash: records, ofRecords: true },
    ] as const,
  })
  expect(judgeHashes(2, own, [peer('a', 'x')])).toMatchObject({ state: 'agrees', ownHash: 'a' })
  expect(judgeRecords(2, own, [peer('a', 'x')])).toMatchObject({ state: 'split', ownHash: 'r' })
  expect(judgeRecords(2, own, [peer('x', 'r')])).toMatchObject({ state: 'agrees', ofRecords: true })
})
