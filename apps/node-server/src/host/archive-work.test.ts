import { archivedCount, findBooking, findRun, nextToArchive } from '@quorail/booking-fsm'
import { expect, test } from 'vitest'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../testing/memory-host.ts'
import { demoJourney, registered } from '../testing/sold-booking.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { archiveWork } from './archive-work.ts'

const now = Date.UTC(2026, 10, 22, 12)
const day = 86_400_000
const pace = { lookAgainMs: 3_600_000, betweenMs: 0 }

/** One run with so many holds that nobody paid, long over. */
function longOver(holds: number): { host: MemoryHost; runId: number } {
  const host = createMemoryHost(now)
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs: now, timeZone: 'Europe/Zurich' })) host.run(command)
  const accountId = registered(host, 'ann@example.org')
  const { runId, fromStop, toStop, classes } = demoJourney(host)
  const classCode = classes[0]?.classCode ?? ''
  const passengers = [{ name: 'Ann' }]
  for (let i = 0; i < holds; i++) {
    const hold = { type: 'holdSeats', runId, fromStop, toStop, classCode, passengers } as const
    const reply = host.run({ ...hold, seats: [] }, accountId)
    if (reply.type !== 'seatsHeld') throw new Error(reply.type)
    host.run({ type: 'releaseHold', bookingId: reply.bookingId }, accountId)
  }
  host.advance(45 * day)
  host.run({ type: 'tick' })
  return { host, runId }
}

/** The job of a leader that stops when it is so. */
async function leadUntil(host: MemoryHost, holds: () => boolean): Promise<void> {
  const abort = new AbortController()
  const done = archiveWork(host, pace)(abort.signal)
  for (let waited = 0; waited < 5_000 && !holds(); waited++) {
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  abort.abort()
  await done
  expect(holds()).toBe(true)
}

test('the leader archives what is long over in portions, and the next one goes on where it stopped', async () => {
  const { host, runId } = longOver(250)
  await leadUntil(host, () => archivedCount(host.state) >= 100)
  expect(archivedCount(host.state)).toBeLessThan(250)
  expect(findRun(host.state, runId)).toBeDefined()
  await leadUntil(host, () => nextToArchive(host.state, 0) === undefined)
  expect(archivedCount(host.state)).toBe(250)
  expect(findBooking(host.state, 1)).toBeUndefined()
  expect(findRun(host.state, runId)).toBeUndefined()
})
