/** Waits until the nodes stand still with one state, and reads what each of them has on disk. */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import type { ChaosCluster } from './chaos-cluster.ts'
import type { FinalBooking, History } from './history.ts'

const standStillWithinMs = 90_000

/** Payments settled, nodes at one index, ledger asked; then the cluster is stopped and its databases read. */
export async function readFinalState(
  cluster: ChaosCluster,
  runs: readonly number[],
): Promise<Omit<History, 'operations'>> {
  const hashes = await standingStill(cluster)
  const ledger = await readLedger(cluster)
  await Promise.all(cluster.nodes.map((node) => cluster.stopNode(node)))
  const final = Object.fromEntries(
    cluster.nodes.map((node) => [node, readBookings(cluster.dataFolder(node), runs)]),
  )
  return { final, hashes, ledger }
}

/** All the same for a while; or as they are when they do not come to rest. */
async function standingStill(cluster: ChaosCluster): Promise<History['hashes']> {
  const deadline = performance.now() + standStillWithinMs
  let before = ''
  let sameSince = performance.now()
  for (;;) {
    const states = await cluster.states()
    const shown = states.map(({ hashIndex, stateHash }) => `${hashIndex} ${stateHash}`)
    const now = JSON.stringify(shown)
    const together = states.length === cluster.nodes.length && new Set(shown).size === 1
    if (!together || now !== before) sameSince = performance.now()
    before = now
    // Payments are asked for at most every few seconds.
    if (performance.now() - sameSince > 4_000 || performance.now() > deadline) {
      return Object.fromEntries(
        states.map(({ id, hashIndex, stateHash }) => [id, { index: hashIndex, hash: stateHash }]),
      )
    }
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

async function readLedger(cluster: ChaosCluster): Promise<History['ledger']> {
  const leader = await cluster.waitForLeader()
  const baseUrl = cluster.url(leader.id)
  const open = createConnectTransport({ baseUrl, httpVersion: '1.1' })
  const { sessionToken } = await createClient(AccountService, open).logIn(cluster.logins.staff)
  const transport = createConnectTransport({
    baseUrl,
    httpVersion: '1.1',
    interceptors: [
      (next) => (request) => {
        request.header.set('authorization', `Bearer ${sessionToken}`)
        return next(request)
      },
    ],
  })
  const staff = createClient(AdministrationService, transport)
  let afterBookingId = 0n
  let orphans = 0
  for (;;) {
    const part = await staff.getLedgerReport({ afterBookingId })
    orphans += part.orphans.length
    afterBookingId = part.nextAfterBookingId
    if (afterBookingId > 0n) continue
    const sum = part.balances.reduce((all, { balance }) => all + (balance?.minor ?? 0n), 0n)
    return { sumMinor: Number(sum), orphans }
  }
}

/** From the newest database of a node that does not run. */
export function readBookings(dataFolder: string, runs: readonly number[]): FinalBooking[] {
  const state = path.join(dataFolder, 'state')
  const generations = existsSync(state) ? readdirSync(state) : []
  const newest = Math.max(
    ...generations
      .map((name) => Number(/^(\d+)\.db$/.exec(name)?.[1] ?? Number.NaN))
      .filter((n) => n > 0),
  )
  const database = new DatabaseSync(path.join(state, `${newest}.db`), { readOnly: true })
  try {
    const check = database.prepare('PRAGMA integrity_check').get()
    if (check?.integrity_check !== 'ok') throw new Error(`${state}: ${check?.integrity_check}`)
    const marks = runs.map(() => '?').join(', ')
    const rows = database
      .prepare(
        `SELECT booking_id, run_id, from_stop, to_stop, seats, names, status, held_at_index
         FROM bookings WHERE run_id IN (${marks})`,
      )
      .all(...runs)
    return rows.map((row) => ({
      bookingId: Number(row.booking_id),
      runId: Number(row.run_id),
      fromStop: Number(row.from_stop),
      toStop: Number(row.to_stop),
      seat: Number(String(row.seats).split(',')[0]),
      name: String((JSON.parse(String(row.names)) as string[])[0]),
      status: String(row.status).toUpperCase(),
      heldAtIndex: Number(row.held_at_index),
    }))
  } finally {
    database.close()
  }
}
