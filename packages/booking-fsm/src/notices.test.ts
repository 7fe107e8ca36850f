import { expect, it } from 'vitest'
import { confirmed, DAY, done, held, must, pay, railway, refused, send } from '../test/world.ts'
import { loadState } from './load.ts'
import { NOTICE_LIFE_MS } from './notices.ts'
import { mutedNotices, pendingNotices } from './queries/notices.ts'
import { rowsOf, stateHash } from './snapshot.ts'

function toldRailway() {
  const world = railway()
  must(send(world, { type: 'switchNotices', on: true }), 'done')
  return world
}
type World = ReturnType<typeof toldRailway>

const kinds = (world: World) => pendingNotices(world.state, 100).map(({ kind }) => kind)
const settled = { type: 'done', providerReference: '250 taken' } as const

it('a cluster that has not switched them on queues none, nor one that has switched them off', () => {
  const world = railway()
  confirmed(world, world.ann, world.runId)
  expect(rowsOf(world.state).filter(({ table }) => table === 'notices')).toEqual([])
  must(send(world, { type: 'switchNotices', on: true }), 'done')
  must(send(world, { type: 'switchNotices', on: true }), 'done')
  confirmed(world, world.ann, world.runId)
  must(send(world, { type: 'switchNotices', on: false }), 'done')
  confirmed(world, world.ann, world.runId)
  expect(pendingNotices(world.state, 100)).toHaveLength(1)
})

it('tells of a sale, a cancellation with its refund, and the money that came back', () => {
  const world = toldRailway()
  const { bookingId, priceMinor } = confirmed(world, world.ann, world.runId, { passengers: 2 })
  must(done(world, 2), 'done')
  const cancel = { type: 'cancelBooking', bookingId, expectedRefundMinor: priceMinor } as const
  must(send(world, cancel, { actor: world.ann }), 'bookingCancelled')
  must(done(world, 3), 'done')
  const about = { accountId: world.ann, bookingId, queuedAtMs: world.nowMs }
  const key = (n: number) => `0123456789abcdef0123456789abcdef-n${n}`
  expect(pendingNotices(world.state, 100)).toEqual([
    { ...about, noticeId: 1, key: key(1), kind: 'bookingConfirmed', data: {} },
    {
      ...about,
      noticeId: 2,
      key: key(2),
      kind: 'bookingCancelled',
      data: { refundMinor: priceMinor, passengers: [0, 1] },
    },
    { ...about, noticeId: 3, key: key(3), kind: 'refundSent', data: { amountMinor: priceMinor } },
  ])
})

it('tells of a payment that came late, and of a fare that could not be taken', () => {
  const world = toldRailway()
  const late = held(world, world.ann, world.runId, { seats: [6] })
  must(pay(world, world.ann, late), 'paymentStarted')
  const lost = held(world, world.bob, world.runId, { seats: [7] })
  must(pay(world, world.bob, lost), 'paymentStarted')
  world.nowMs += 700_000
  held(world, world.ann, world.runId, { seats: [7] })
  must(done(world, 1), 'done')
  must(done(world, 2), 'done')
  expect(kinds(world)).toEqual(['latePaymentAccepted', 'latePaymentVoided'])
  must(refused(world, 3), 'done')
  expect(kinds(world)).toEqual(['latePaymentAccepted', 'latePaymentVoided', 'fareNotPaid'])
})

it('is answered once, and recorded', () => {
  const world = toldRailway()
  confirmed(world, world.ann, world.runId)
  const answer = { type: 'recordNotice', noticeId: 1, outcome: settled } as const
  expect(send(world, answer, { actor: world.ann })).toMatchObject({ code: 'notAllowed' })
  expect(send(world, { ...answer, noticeId: 2 })).toMatchObject({ code: 'noticeNotOpen' })
  must(send(world, answer), 'done')
  const [record] = world.changes.filter(({ table }) => table === 'notice_outcomes')
  expect(record).toMatchObject({ type: 'upsert' })
  expect(record?.type === 'upsert' && record.values.slice(6, 8)).toEqual(['done', '250 taken'])
  const before = stateHash(world.state)
  expect(send(world, answer)).toMatchObject({ code: 'noticeNotOpen' })
  expect(world.changes.map(({ table }) => table)).toEqual(['meta'])
  expect(stateHash(world.state)).not.toBe(before)
  expect(pendingNotices(world.state, 9)).toEqual([])
})

it('lapses after three days, not a millisecond before', () => {
  const world = toldRailway()
  confirmed(world, world.ann, world.runId)
  const tick = { type: 'tick' } as const
  world.nowMs += NOTICE_LIFE_MS - 1
  send(world, tick)
  expect(kinds(world)).toHaveLength(1)
  world.nowMs += 1
  send(world, tick)
  expect(kinds(world)).toHaveLength(0)
  const [record] = world.changes.filter(({ table }) => table === 'notice_outcomes')
  expect(record?.type === 'upsert' && record.values[6]).toBe('lapsed')
})

it('an account does without what it can do without, and no more', () => {
  const world = toldRailway()
  const mute = (muted: readonly string[], actor = world.ann) =>
    send(world, { type: 'setNoticePreferences', muted: muted as never }, { actor })
  expect(mute(['bookingConfirmed'])).toMatchObject({ code: 'invalidField', field: 'muted[0]' })
  expect(mute(['refundSent', 'refundSent'])).toMatchObject({ field: 'muted[1]' })
  expect(mute(['refundSent'], 0)).toMatchObject({ code: 'notAllowed' })
  must(mute(['refundSent']), 'done')
  const loaded = { ...world, state: loadState(rowsOf(world.state)) }
  for (const it of [world, loaded]) {
    expect(mutedNotices(it.state, it.ann)).toEqual(['refundSent'])
    const { bookingId, priceMinor } = confirmed(it, it.ann, it.runId)
    must(done(it, 2), 'done')
    const cancel = { type: 'cancelBooking', bookingId, expectedRefundMinor: priceMinor } as const
    must(send(it, cancel, { actor: it.ann }), 'bookingCancelled')
    must(done(it, 3), 'done')
    expect(kinds(it)).toEqual(['bookingConfirmed', 'bookingCancelled'])
  }
  must(mute([]), 'done')
  expect(rowsOf(world.state).some(({ table }) => table === 'notice_preferences')).toBe(false)
})

it('only operators and the cluster switch them', () => {
  const world = toldRailway()
  const off = { type: 'switchNotices', on: false } as const
  expect(send(world, off, { actor: world.ann })).toMatchObject({ code: 'notAllowed' })
  world.nowMs += DAY
  confirmed(world, world.ann, world.runId)
  expect(kinds(world)).toHaveLength(1)
})
