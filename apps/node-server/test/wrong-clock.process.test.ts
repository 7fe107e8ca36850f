import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { BookingStatus } from '@quorail/proto/quorail/booking/v1/types_pb'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { ApiPassenger } from './api-passenger.ts'
import { eventually, tomorrow } from './waiting.ts'

const hour = 3_600_000

test('a node whose clock is an hour ahead never stays leader, and no hold expires early', async () => {
  await using cluster = await TestCluster.start({
    environmentOf: { n1: { QUORAIL_TEST_CLOCK_OFFSET_MS: String(hour) } },
  })
  const { nodes, paymentSandbox } = cluster.addresses
  const pat = await eventually(() =>
    ApiPassenger.logIn(nodes, paymentSandbox, cluster.logins.passenger),
  )
  const held = await pat.hold(await eventually(() => pat.journey('PMR', 'VDC', tomorrow())))
  // Whoever has most of the log is elected; with the leader gone again and again n1 has its turns.
  for (let round = 0; round < 4; round += 1) {
    const { id } = await cluster.leader()
    if (id !== 'n1') {
      await cluster.kill(id)
      await wait(3_000)
      await cluster.start(id)
    }
    await expect
      .poll(async () => (await cluster.status()).find(({ role }) => role === 'leader')?.id, {
        timeout: 60_000,
        interval: 100,
      })
      .toMatch(/^n[23]$/)
    const { booking } = await eventually(() =>
      pat.bookings.getBooking({ bookingId: held.bookingId }),
    )
    expect(booking?.status).toBe(BookingStatus.HELD)
  }
  expect(cluster.log('n1')).toMatch(/clock is 3(59|60)\d\.\d s ahead of the majority's/)
  await eventually(async () => {
    const n1 = (await cluster.status()).find(({ id }) => id === 'n1')
    expect(Math.round(Number(n1?.clockOffsetMs) / 60_000)).toBe(60)
  })
  expect(cluster.log('n2') + cluster.log('n3')).not.toContain("the majority's")
  // With the hour in it, time in the log would be an hour ahead of everybody's.
  const bought = await pat.buy(held)
  expect(bought.status).toBe(BookingStatus.CONFIRMED)
  expect(Number(bought.confirmedAt?.seconds ?? 0n) * 1_000).toBeLessThan(Date.now() + 60_000)
})

test("the leader's clock jumps an hour ahead: another leads, no hold expires early, and set right it is believed again", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-clock-'))
  const clockOf = (id: string): string => path.join(folder, id)
  try {
    await using cluster = await TestCluster.start({
      environmentOf: Object.fromEntries(
        ['n1', 'n2', 'n3'].map((id) => [id, { QUORAIL_TEST_CLOCK_OFFSET_FILE: clockOf(id) }]),
      ),
    })
    const { nodes, paymentSandbox } = cluster.addresses
    const pat = await eventually(() =>
      ApiPassenger.logIn(nodes, paymentSandbox, cluster.logins.passenger),
    )
    const held = await pat.hold(await eventually(() => pat.journey('PMR', 'VDC', tomorrow())))
    const { id } = await cluster.leader()
    writeFileSync(clockOf(id), String(hour))
    await eventually(async () => expect((await cluster.leader()).id).not.toBe(id), 120_000)
    expect(cluster.log(id)).toMatch(/clock is (3600|3599)\.\d s ahead of the majority's/)
    const { booking } = await eventually(() =>
      pat.bookings.getBooking({ bookingId: held.bookingId }),
    )
    expect(booking?.status).toBe(BookingStatus.HELD)
    const bought = await pat.buy(held)
    expect(Number(bought.confirmedAt?.seconds ?? 0n) * 1_000).toBeLessThan(Date.now() + 60_000)
    rmSync(clockOf(id))
    await eventually(
      async () => expect(cluster.log(id)).toContain("clock is the majority's again"),
      120_000,
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
