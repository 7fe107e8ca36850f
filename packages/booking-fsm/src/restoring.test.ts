import { describe, expect, it } from 'vitest'
import { CLUSTER_ID, confirmed, held, must, railway, send } from '../test/world.ts'
import { loadState } from './load.ts'
import { findBooking, findBookingByPnr } from './queries/bookings.ts'
import { pendingOutbox } from './queries/payments.ts'
import { moveToCluster, RESTORE_JUMP } from './restoring.ts'
import type { Row } from './rows.ts'
import { rowsOf, stateHash } from './snapshot.ts'

const NEW = 'f'.repeat(32)

describe('a state that goes on as another cluster’s', () => {
  it('gives out no number that the old cluster may have given out since', () => {
    const world = railway()
    const before = held(world, world.ann, world.runId)
    const pnr = findBooking(world.state, before.bookingId)?.pnr ?? ''
    moveToCluster(world.state, NEW)
    world.index = world.state.meta.appliedIndex
    const after = held(world, world.bob, world.runId)
    expect(after.bookingId).toBe(before.bookingId + 1 + RESTORE_JUMP)
    expect(findBookingByPnr(world.state, pnr)?.bookingId).toBe(before.bookingId)
    const offered = confirmed(world, world.ann, world.runId)
    const offer = { type: 'offerRefund', bookingId: offered.bookingId, passengers: [] } as const
    const { offerId } = must(send(world, offer, { actor: world.ann }), 'refundOffered')
    expect(offerId).toBe(RESTORE_JUMP + 1)
  })

  it('keeps the keys of what is on its way outside, and makes new ones of the new cluster', () => {
    const world = railway()
    confirmed(world, world.ann, world.runId)
    const [old] = pendingOutbox(world.state, 9)
    moveToCluster(world.state, NEW)
    world.index = world.state.meta.appliedIndex
    confirmed(world, world.bob, world.runId)
    const [first, ...others] = pendingOutbox(world.state, 9)
    expect(first).toEqual(old)
    expect(first?.key.startsWith(CLUSTER_ID)).toBe(true)
    expect(others.every(({ key }) => key.startsWith(NEW))).toBe(true)
  })

  it('is what its rows say, the changed ones among them', () => {
    const world = railway()
    held(world, world.ann, world.runId)
    const rows = new Map(rowsOf(world.state).map((row) => [keyOf(row), row]))
    for (const change of moveToCluster(world.state, NEW)) {
      if (change.type === 'upsert') rows.set(keyOf(change), change)
    }
    expect(stateHash(loadState(rows.values()))).toBe(stateHash(world.state))
  })

  it('is not of the same cluster, nor of one without a proper id', () => {
    const world = railway()
    const hash = stateHash(world.state)
    expect(() => moveToCluster(world.state, CLUSTER_ID)).toThrow('this very cluster')
    expect(() => moveToCluster(world.state, 'F'.repeat(32))).toThrow('32 hexadecimal')
    expect(stateHash(world.state)).toBe(hash)
  })
})

const keyOf = ({ table, values }: Row): string => `${table} ${values[0]}`
