import { renameSync } from 'node:fs'
import path from 'node:path'
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { BookingStatus } from '@quorail/proto/quorail/booking/v1/types_pb'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { openDatabase } from '../src/storage/database.ts'
import { loadDatabase } from '../src/storage/load-database.ts'
import { ApiPassenger } from './api-passenger.ts'
import { eventually, tomorrow } from './waiting.ts'

/** Another name in a row, and in the database the hash that fits: only the other nodes know better. */
function damage(file: string): void {
  const sqlite = openDatabase(file)
  try {
    const { changes } = sqlite
      .prepare("update accounts set display_name = 'Somebody Else' where account_id = 1")
      .run()
    expect(changes).toBe(1)
    sqlite.prepare('update node_progress set state_hash = ?').run(hashOfRows(file))
  } finally {
    sqlite.close()
  }
  loadDatabase(file)
}

function hashOfRows(file: string): string {
  try {
    loadDatabase(file)
  } catch (error) {
    const hash = /its rows have the hash ([0-9a-f]{16})/.exec(String(error))?.[1]
    if (hash !== undefined) return hash
    throw error
  }
  throw new Error('the damage does not show')
}

test('a node with a damaged row is found and serves nobody; the others sell', async () => {
  await using cluster = await TestCluster.start()
  const { nodes, paymentSandbox } = cluster.addresses
  // With the limits of everybody: it is to hear that nobody sells.
  const logIn = () => ApiPassenger.logIn(nodes, paymentSandbox, cluster.logins.passenger, {})
  const pat = await eventually(logIn)
  const buyOne = async () =>
    pat.buy(await pat.hold(await eventually(() => pat.journey('PMR', 'VDC', tomorrow()))))
  await buyOne()

  const victim = (await cluster.leader()).id
  const address = nodes[cluster.nodeIds.indexOf(victim)] as string
  await cluster.stopOne(victim)
  const stateFolder = path.join(cluster.dataFolder(victim), 'state')
  damage(path.join(stateFolder, '1.db'))
  await cluster.start(victim)
  await expect
    .poll(() => cluster.log(victim), { timeout: 60_000, interval: 50 })
    .toContain("this node's state is not the majority's: it has stopped serving")
  expect(cluster.log(victim)).toMatch(/"level":"fatal".*What to do: stop this node/)
  expect((await fetch(`${address}/readyz`)).status).toBe(503)
  expect((await fetch(`${address}/healthz`)).status).toBe(200)
  const alone = createConnectTransport({ baseUrl: address, httpVersion: '1.1' })
  await expect(createClient(TimetableService, alone).searchStations({ text: 'P' })).rejects.toThrow(
    'STATE_DIVERGED',
  )

  // With the damaged one among the addresses, and as a good follower that is counted in quorums.
  expect((await buyOne()).status).toBe(BookingStatus.CONFIRMED)
  const others = cluster.nodeIds.filter((id) => id !== victim)
  expect(others).toContain((await cluster.leader()).id)

  // Two different states and nobody else: neither has a majority, so nothing more is sold …
  const dead = (await cluster.leader()).id
  await cluster.kill(dead)
  await eventually(async () => {
    const journey = await pat.journey('PMR', 'VDC', tomorrow())
    await expect(pat.hold(journey)).rejects.toThrow('STATE_DIVERGED')
  }, 60_000)
  // … until the third is back.
  await cluster.start(dead)
  expect((await eventually(buyOne, 90_000)).status).toBe(BookingStatus.CONFIRMED)

  // As the line in the log advises.
  await cluster.stopOne(victim)
  renameSync(stateFolder, `${stateFolder}.kept`)
  await cluster.start(victim)
  await expect.poll(async () => (await fetch(`${address}/readyz`)).status).toBe(200)
})
