import { describe, expect, it } from 'vitest'
import { held, hold, type Railway, railway } from '../../test/world.ts'
import type { HoldSeats } from '../commands.ts'
import { isFree } from '../inventory/occupancy.ts'
import { inventoryOf } from '../live.ts'
import { type Asking, planHold } from './hold-seats.ts'

describe('whether it fits', () => {
  it('counts what a booking has as free when that booking goes', () => {
    const world = railway()
    const mine = held(world, world.ann, world.runId, { seats: [6, 7] })
    held(world, world.bob, world.runId, { seats: [8] })
    const booking = world.state.bookings.get(mine.bookingId)
    if (booking === undefined) throw new Error('it is held')
    const asked = hold(world.runId, { seats: [6, 9] }) as HoldSeats
    expect(planHold(asking(world), asked)).toMatchObject({ code: 'seatTaken', seats: [6] })
    expect(planHold(asking(world), asked, { ignoring: [booking] })).toMatchObject({ seats: [6, 9] })
    const taken = hold(world.runId, { seats: [6, 8] }) as HoldSeats
    const refused = planHold(asking(world), taken, { ignoring: [booking] })
    expect(refused).toMatchObject({ code: 'seatTaken', seats: [8] })
  })

  it('changes nothing by looking', () => {
    const world = railway()
    const mine = held(world, world.ann, world.runId, { seats: [6, 7] })
    const booking = world.state.bookings.get(mine.bookingId)
    if (booking === undefined) throw new Error('it is held')
    const before = structuredClone(booking.run.inventory)
    planHold(asking(world), hold(world.runId) as HoldSeats, { ignoring: [booking] })
    const inventory = inventoryOf(booking.run)
    expect(isFree(inventory, 6, 0, 4)).toBe(false)
    expect(inventory.held).toEqual(before?.held)
    expect(inventory.bits).toEqual(before?.bits)
  })
})

function asking({ state, ann }: Railway): Asking {
  return { state, actor: ann }
}
