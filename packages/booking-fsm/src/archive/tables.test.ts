import { describe, expect, it } from 'vitest'
import { tables } from '../tables.ts'
import { leavingBooking, leavingRun } from './leaving.ts'
import { archivedName } from './names.ts'
import { archiveRules } from './tables.ts'

/** By these a row belongs to a booking or a run, or names one. */
const belongs = /^(booking_id|old_booking_id|last_booking_id|family_id|payment_id|run_id|run_ids)$/
const state = tables.filter(({ purpose }) => purpose === 'state')

describe('what becomes of each table when a run is archived', () => {
  it('is said of every table with rows by booking or by run: add yours to archive/tables.ts', () => {
    const unsaid = state
      .filter(({ columns }) => columns.some(({ name }) => belongs.test(name)))
      .map(({ name }) => name)
      .filter((name) => archiveRules[name] === undefined)
    expect(unsaid).toEqual([])
  })

  it('is said of tables only that there are', () => {
    const unknown = Object.keys(archiveRules).filter(
      (name) => !state.some((table) => table.name === name),
    )
    expect(unknown).toEqual([])
  })

  it('is done: what goes has a way out in archive/leaving.ts, and a table that takes its rows', () => {
    for (const [name, of] of Object.entries(archiveRules)) {
      const ways = { booking: name in leavingBooking, run: name in leavingRun }
      const expected = { booking: false, run: false }
      if (of.rule === 'goes') expected[of.with] = true
      expect({ name, ...ways }).toEqual({ name, ...expected })
      const taken = tables.find((table) => table.name === archivedName(name))
      expect(taken?.purpose).toBe(of.rule === 'goes' ? 'record' : undefined)
    }
  })
})
