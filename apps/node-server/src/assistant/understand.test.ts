import { findStation } from '@quorail/booking-fsm'
import { beforeAll, expect, test } from 'vitest'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../testing/memory-host.ts'
import { demoCommands } from '../timetable/demo-timetable.ts'
import { understand } from './understand.ts'

// A Sunday.
const nowMs = Date.UTC(2026, 10, 22, 9, 0)
let host: MemoryHost
beforeAll(() => {
  host = createMemoryHost(nowMs)
  foundMemoryHost(host)
  for (const command of demoCommands({ nowMs, timeZone: 'UTC' })) host.run(command)
})

function asked(question: string, ...earlier: string[]) {
  const understood = understand(question, { state: host.state, nowMs, earlier })
  return understood.intent === 'journeys'
    ? [understood.from.code, understood.to.code, understood.date]
    : understood
}

test.each([
  ['Trains from Port Marin to Valdor Central tomorrow', ['PMR', 'VDC', 20261123]],
  ['to Valdor Central from Port Marin please', ['PMR', 'VDC', 20261122]],
  ['Port Marin Nordhaven on friday?', ['PMR', 'NHV', 20261127]],
  ['brezieres to grand station 2026-12-01', ['BRZ', 'VDC', 20261201]],
  ['I want to go from Brézières to Tannberg on 3 December', ['BRZ', 'TNB', 20261203]],
  ['free seats NHV to CSL the day after tomorrow', ['NHV', 'CSL', 20261124]],
  ['silvane to ostfeld on the 1st of march', ['SLV', 'OST', 20270301]],
  ['Silvane to Ostfeld on sunday', ['SLV', 'OST', 20261122]],
])('%s', (question, expected) => {
  expect(asked(question)).toEqual(expected)
})

test('a question goes on with the stations and the day of those before it', () => {
  const first = 'Trains from Port Marin to Ostfeld on friday'
  expect(asked('and on saturday?', first)).toEqual(['PMR', 'OST', 20261128])
  expect(asked('which of these trains have free seats?', first)).toEqual(['PMR', 'OST', 20261127])
  expect(asked('and from Silvane to Karlow?', first)).toEqual(['SLV', 'KRL', 20261127])
})

test('bookings, refunds and help', () => {
  expect(asked('Show my bookings')).toEqual({ intent: 'bookings' })
  expect(asked('what would be the refund if I cancel?')).toEqual({
    intent: 'refund',
    pnr: undefined,
  })
  expect(asked('what is the meaning of life')).toEqual({ intent: 'help' })
  expect(asked('may I bring a dog')).toEqual({ intent: 'help' })
  expect(asked('anything in Tannberg?')).toEqual({
    intent: 'oneStation',
    station: findStation(host.state, 'TNB'),
  })
})
