import { readFileSync } from 'node:fs'
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { newRequestId } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { BookingStatus } from '@quorail/proto/quorail/booking/v1/types_pb'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { ApiPassenger } from './api-passenger.ts'
import { eventually, tomorrow } from './waiting.ts'

const slowCard = { number: '4000000000008005', expiry: '12/39', cvc: '123', name: 'Pat' }

const wait = { timeout: 60_000, interval: 100 }

/** One node only, whatever it says about a leader. */
async function speakingTo(baseUrl: string, login: { email: string; password: string }) {
  const accounts = createClient(
    AccountService,
    createConnectTransport({ baseUrl, httpVersion: '1.1' }),
  )
  const { sessionToken } = await accounts.logIn(login)
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
  return createClient(BookingService, transport)
}

async function distinctHashes(cluster: TestCluster): Promise<readonly number[]> {
  const nodes = await cluster.status()
  return [
    new Set(nodes.map(({ hashIndex }) => hashIndex)).size,
    new Set(nodes.map(({ stateHash }) => stateHash)).size,
  ]
}

test('a leader that stood still for 10 s neither shows what was, nor takes money again', async () => {
  await using cluster = await TestCluster.start({ paymentArguments: ['--slow-ms', '3000'] })
  const { nodes, paymentSandbox } = cluster.addresses
  const pat = await eventually(() =>
    ApiPassenger.logIn(nodes, paymentSandbox, cluster.logins.passenger),
  )
  await eventually(() => pat.journey('PMR', 'VDC', tomorrow()))
  // Only who leads lets somebody log in.
  const [old, direct] = await eventually(async () => {
    const leader = await cluster.leader()
    return [leader, await speakingTo(leader.address, cluster.logins.passenger)] as const
  })
  const held = await pat.hold(await pat.journey('PMR', 'VDC', tomorrow()), 'Stays held')
  const paying = await pat.hold(await pat.journey('PMR', 'VDC', tomorrow()), 'Pays')
  await pat.payments.pay({
    requestId: newRequestId(),
    bookingId: paying.bookingId,
    paymentToken: await pat.token(slowCard),
    amountMinor: paying.price?.minor ?? 0n,
  })
  const shown = async () => (await direct.getBooking({ bookingId: held.bookingId })).booking?.status
  expect(await eventually(shown)).toBe(BookingStatus.HELD)
  cluster.pause(old.id)
  const pausedAt = Date.now()
  await pat.settled(paying.bookingId, BookingStatus.CONFIRMED)
  await pat.bookings.releaseHold({ requestId: newRequestId(), bookingId: held.bookingId })
  // Asked of the one that stands still, after the others have said that the hold is gone.
  const asked = Array.from({ length: 20 }, () => shown().catch(() => 'refused'))
  await new Promise((resolve) => setTimeout(resolve, 10_000 - (Date.now() - pausedAt)))
  cluster.resume(old.id)
  expect(await Promise.all(asked)).not.toContain(BookingStatus.HELD)
  await expect.poll(() => distinctHashes(cluster), wait).toEqual([1, 1])
  const secret = readFileSync(cluster.paymentSecretFile, 'utf8').trim()
  const books = await fetch(
    `${paymentSandbox}/v1/authorizations?reference=booking-${paying.bookingId}`,
    { headers: { authorization: `Bearer ${secret}` } },
  )
  expect(((await books.json()) as { authorizations: unknown[] }).authorizations).toHaveLength(1)
})
