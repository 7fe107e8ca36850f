import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { listRuns, seatMap } from '@quorail/booking-fsm'
import { expect, onTestFinished, test } from 'vitest'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../testing/memory-host.ts'
import { demoCommands, demoFillPlan } from '../timetable/demo-timetable.ts'
import { fillRun } from './fill-run.ts'

const nowMs = Date.UTC(2026, 10, 22, 9, 0)
const timeZone = 'Europe/Lisbon'
const [fill] = demoFillPlan({ nowMs, timeZone })
if (fill === undefined) throw new Error('the demo fills no run')
const { trainNumber, serviceDate, leaveFree } = fill

function newHost(): MemoryHost {
  const host = createMemoryHost(nowMs)
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs, timeZone })) host.run(command)
  host.run({
    type: 'registerAccount',
    email: 'traffic@example.org',
    displayName: 'Traffic',
    passwordHash: 'x',
    role: 'passenger',
  })
  return host
}

/** The payment provider, as far as it makes tokens. */
async function tokens(): Promise<string> {
  const server = createServer((_request, response) => response.end('{"token":"tok_1"}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const theRun = (host: MemoryHost) =>
  listRuns(host.state, { fromDate: serviceDate, toDate: serviceDate, limit: 1_000 }).find(
    (run) => run.trainNumber === trainNumber,
  )

function freeSeats(host: MemoryHost): number {
  const run = theRun(host)
  if (run === undefined) return 0
  return seatMap(host.state, run.runId, 0, run.stops.length - 1).filter(({ free }) => free).length
}

const partyId = (party: number) => `${trainNumber}-${serviceDate}-${party}`.replaceAll(' ', '_')

test('a party whose request was refused once, and is for a day, is passed over', async () => {
  const host = newHost()
  const { signal } = new AbortController()
  const refused = await host.submit({
    actor: 1,
    key: { principal: 'a:1', method: 'HoldSeats', requestId: partyId(1), contentHash: '0' },
    command: {
      type: 'holdSeats',
      runId: 999_999,
      fromStop: 0,
      toStop: 1,
      classCode: '2',
      passengers: [{ name: 'P' }],
      seats: [],
    },
  })
  expect(refused.reply.type).toBe('refused')
  const skipped: string[] = []
  await fillRun({
    host,
    paymentUrl: await tokens(),
    buyer: 1,
    fill,
    signal,
    onSkipped: (step) => skipped.push(step),
  })
  expect(freeSeats(host)).toBe(leaveFree)
  expect(skipped).toEqual([partyId(1)])
})

test('a run that sells nothing any more is given up', async () => {
  const host = newHost()
  host.advance(3 * 86_400_000)
  const before = freeSeats(host)
  const skipped: string[] = []
  await fillRun({
    host,
    paymentUrl: 'http://127.0.0.1:1',
    buyer: 1,
    fill,
    signal: new AbortController().signal,
    onSkipped: (step) => skipped.push(step),
  })
  expect(freeSeats(host)).toBe(before)
  expect(skipped).toHaveLength(10)
})
