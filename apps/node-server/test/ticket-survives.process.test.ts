import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { type Booking, BookingStatus } from '@quorail/proto/quorail/booking/v1/types_pb'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { ApiPassenger, approveCard } from './api-passenger.ts'
import { eventually, tomorrow } from './waiting.ts'

async function buyOne(cluster: TestCluster): Promise<{ pat: ApiPassenger; ticket: Booking }> {
  const { nodes, paymentSandbox } = cluster.addresses
  await cluster.leader()
  const pat = await eventually(() =>
    ApiPassenger.logIn(nodes, paymentSandbox, cluster.logins.passenger),
  )
  const journey = await eventually(() => pat.journey('PMR', 'VDC', tomorrow()))
  return { pat, ticket: await pat.buy(await pat.hold(journey)) }
}

/** All nodes at one index with one hash: asked until they stand still together. */
const sameHash = (cluster: TestCluster) =>
  eventually(async () => {
    const nodes = await cluster.status()
    expect(new Set(nodes.map((node) => node.hashIndex)).size).toBe(1)
    expect(nodes.map((node) => node.stateHash)).toEqual(Array(3).fill(nodes[0]?.stateHash))
    return nodes
  })

test('after kill -9 of all three nodes the ticket is there, and the hashes are equal', async () => {
  await using cluster = await TestCluster.start()
  const { pat, ticket } = await buyOne(cluster)
  await Promise.all(cluster.nodeIds.map((id) => cluster.kill(id)))
  await Promise.all(cluster.nodeIds.map((id) => cluster.start(id)))
  await cluster.leader()
  const again = await eventually(() => pat.settled(ticket.bookingId, BookingStatus.CONFIRMED))
  expect([again.pnr, again.passengers]).toEqual([ticket.pnr, ticket.passengers])
  await sameHash(cluster)
})

test('no card number is in any folder of the nodes, the sandbox or the logs', async () => {
  await using cluster = await TestCluster.start()
  await buyOne(cluster)
  // A mail gets its name when it is written: nothing may move while the folders are read.
  await cluster.stopAll()
  const digits = approveCard.number.replaceAll(' ', '')
  const files = filesUnder(cluster.folder)
  expect(files.length).toBeGreaterThan(6)
  for (const file of files) {
    const text = readFileSync(file, 'latin1')
    expect(text.includes(digits) || text.includes(approveCard.number), file).toBe(false)
  }
})

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const file = path.join(folder, name)
    return statSync(file).isDirectory() ? filesUnder(file) : [file]
  })
}
