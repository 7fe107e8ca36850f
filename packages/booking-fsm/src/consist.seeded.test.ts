/** Full trains are given other coaches, and each time machine and slow model seat everybody alike. */
import fc from 'fast-check'
import { it } from 'vitest'
import { Duel } from '../test/model/duel.ts'
import { seatingLayouts } from '../test/model/seat-draws.ts'
import { account, fares, founding, MONDAY, runs, station, stations, train } from '../test/world.ts'
import type { ChangeConsist, Coach, Command } from './commands.ts'

const second = (label: string, rows: number, columns = 'AB-CD'): Coach => ({
  ...{ label, classCode: '2', rows, columns },
})
const first: Coach = { label: '1', classCode: '1', rows: 2, columns: 'A-BC' }
const consists: readonly (readonly Coach[])[] = [
  [first, second('2', 3), second('3', 3)],
  [second('3', 3), first, second('2', 2)],
  [second('2', 2), second('4', 2, 'A-BC')],
  [first, second('3', 1)],
  [{ ...first, rows: 5 }],
  ...seatingLayouts,
]

const hold = fc.record({
  actor: fc.constantFrom(1, 2),
  from: fc.nat(3),
  length: fc.nat(3),
  party: fc.integer({ min: 1, max: 6 }),
  isFirst: fc.boolean(),
  needs: fc.nat(7),
  pays: fc.nat(4),
})
const change = fc.record({ consist: fc.nat(20), less: fc.nat(5), seat: fc.nat(30) })
const story = fc.record({
  consist: fc.nat(20),
  holds: fc.array(hold, { minLength: 4, maxLength: 14 }),
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
})

const at = <T>(list: readonly T[], i: number): T => list[i % list.length] as T

function play({ consist, holds, changes }: typeof story extends fc.Arbitrary<infer S> ? S : never) {
  const duel = new Duel()
  let index = 0
  const send = (command: Command, actor = 0) =>
    duel.apply({ index: ++index, timestampMs: MONDAY, actor, key: undefined, command })
  const opening: Command[] = [
    founding,
    fares,
    stations(['A', 'B', 'C', 'D', 'E'].map((code) => station(code))),
    train('IC 1', { coaches: at(consists, consist) }),
    runs(1, 2),
    account('ann@example.org'),
    account('bob@example.org'),
  ]
  for (const command of opening) send(command)
  for (const { actor, from, length, party, isFirst, needs, pays } of holds) {
    const [fromStop, toStop] = [from, Math.min(from + 1 + length, 4)]
    const passengers = Array.from({ length: party }, (_, i) => ({ name: `P${i}` }))
    const wheelchairPlaces = needs === 0 ? 1 : 0
    const preferences = { required: [], wished: [], apart: needs === 1, wheelchairPlaces }
    const where = { runId: 1, fromStop, toStop, classCode: isFirst ? '1' : '2', seats: [] }
    const held = send({ type: 'holdSeats', ...where, passengers, preferences }, actor)
    if (held.type !== 'seatsHeld' || pays === 0) continue
    const { bookingId, priceMinor: amountMinor } = held
    send({ type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor }, actor)
    const outboxId = duel.state.meta.nextOutboxId - 1
    send({ type: 'recordOutcome', outboxId, outcome: { type: 'done', providerReference: 'r' } })
  }
  for (const { consist: other, less, seat } of changes) {
    const next: ChangeConsist = {
      type: 'changeConsist',
      runId: 1,
      coaches: less < 3 ? at(consists, other) : [],
      withoutCoaches: less === 3 ? [at(['1', '2', '3', 'q', 'w'], seat)] : [],
      blockedSeats: less > 3 ? [seat % 12, 12 + (seat % 3)] : [],
      reason: 'technicalFailure',
    }
    const begun = send(next)
    if (begun.type !== 'disruptionBegun') continue
    const { disruptionId } = begun
    for (let step = 0; step < 9; step++) send({ type: 'continueDisruption', disruptionId })
    duel.reload()
  }
  duel.compareAll()
}

it('machine and model find the same seats for everybody', () => {
  fc.assert(fc.property(story, play), { numRuns: 40 })
})
