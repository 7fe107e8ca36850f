import { expect, it } from 'vitest'
import type { Command, Reply } from '../src/index.ts'
import { Duel } from './model/duel.ts'
import { dueFor } from './model/world.ts'
import { DAY, fares, founding, HOUR, MONDAY, runs, station, stations, train } from './world.ts'

/**
 * Trips whose legs are exchanged, paid or not paid, cancelled and lost, in any order: generated histories
 * come there seldom. Machine and model are compared at every step, and the invariants hold.
 */
class Trips {
  readonly duel = new Duel()
  now = MONDAY
  seed: number

  constructor(seed: number) {
    this.seed = seed
    const bands = [{ untilBeforeDepartureMs: 0, flatMinor: 100, chargeBasisPoints: 1_000 }]
    const exchange = { bands, surplusBack: seed % 2 === 0 }
    const line = {
      state: 'confirmed',
      classCode: '',
      taxBasisPoints: 1_000,
      bands,
      exchange,
    } as const
    const setup: Command[] = [
      founding,
      fares,
      {
        type: 'setCancellationRule',
        ...{ validFromMs: 0, offerMs: HOUR, roundToMinor: 1, rounding: 'halfUp', lines: [line] },
      },
      stations(['A', 'B', 'C', 'D', 'E'].map((code) => station(code))),
      train('IC 1'),
      runs(1, 2, 3, 4),
      { type: 'switchNotices', on: true },
      {
        type: 'setCompensationRule',
        ...{ validFromMs: 0, choiceMs: DAY, rebookMs: DAY, minimumMinor: 0, maximumMinor: 0 },
        bands: [{ fromMinutes: 30, basisPoints: 2_500 }],
      },
    ]
    for (const command of setup) expect(this.tell(command, 0).type).not.toBe('refused')
    const account = { displayName: 'Ann', passwordHash: 'hash', role: 'passenger' } as const
    this.tell({ type: 'registerAccount', email: 'ann@example.org', ...account }, 0)
  }

  draw(below: number): number {
    this.seed = (this.seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor(this.seed / 65_536) % below
  }

  tell(command: Command, actor = 1): Reply {
    const index = this.duel.world.index + 1
    return this.duel.apply({ index, timestampMs: this.now, actor, key: undefined, command })
  }

  /** What suits one of the last bookings, mostly. */
  next(): Reply {
    const { bookings, effects } = this.duel.world
    const kind = this.draw(14)
    // What is held is paid, mostly.
    const held = bookings.findLast(({ status }) => status === 'held')
    const any = bookings[this.draw(bookings.length)]
    const booking = kind === 4 || kind === 5 ? (held ?? any) : any
    const bookingId = booking?.id ?? 1
    const due = booking === undefined ? 0 : dueFor(this.duel.world, booking)
    const open = effects.filter((it) => !it.answered)
    const outboxId = open[this.draw(Math.max(1, open.length))]?.id ?? 1
    const [runId, fromStop] = [1 + this.draw(3), this.draw(3)]
    const toStop = fromStop + 1 + this.draw(4 - fromStop)
    this.now += this.draw(40) === 0 ? 11 * 60_000 : 1_000
    switch (kind) {
      case 0:
      case 1:
      case 2:
      case 3: {
        const classCode = this.draw(4) === 0 ? '1' : '2'
        const journey = { runId, fromStop, toStop, classCode, seats: [] }
        return this.tell({ type: 'holdExchange', bookingId, ...journey })
      }
      case 4:
      case 5:
        return this.tell({ type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor: due })
      case 6:
        return this.tell({ type: 'confirmBooking', bookingId })
      case 7:
      case 8:
      case 9:
      case 10: {
        const outcome =
          this.draw(3) === 0
            ? ({ type: 'refused', reason: 'no' } as const)
            : ({ type: 'done', providerReference: `r${outboxId}` } as const)
        return this.tell({ type: 'recordOutcome', outboxId, outcome }, 0)
      }
      case 11: {
        const passengers = this.draw(2) === 0 ? [] : [0]
        return this.tell({ type: 'offerRefund', bookingId, passengers })
      }
      case 12: {
        const offerId = booking?.offer?.id ?? 1
        return this.tell({ type: 'acceptRefund', bookingId, offerId, payLater: this.draw(2) === 0 })
      }
      default:
        if (this.draw(12) > 0) {
          if (this.draw(3) > 0) return this.tell({ type: 'takeRefund', bookingId })
          const delay = { stop: 1 + this.draw(4), lateMinutes: 10 * this.draw(20), final: true }
          const reason = 'technicalFailure' as const
          return this.tell({ type: 'recordDelay', runId, ...delay, reason }, 0)
        }
        return this.tell({ type: 'cancelRun', runId, reason: 'strike' }, 0)
    }
  }

  /** Two or three legs, sold and paid. */
  sell(): void {
    const leg = (runId: number, fromStop: number) => {
      return { runId, fromStop, toStop: fromStop + 2, classCode: '2', seats: [] }
    }
    const legs = [leg(1, 0), leg(1, 2), leg(3, 0)].slice(0, 2 + this.draw(2))
    const passengers = [{ name: 'P' }, { name: 'Q' }]
    const reply = this.tell({ type: 'holdTrip', legs, passengers })
    if (reply.type !== 'tripHeld') throw new Error(JSON.stringify(reply))
    const { tripId: bookingId, priceMinor: amountMinor } = reply
    this.tell({ type: 'startPayment', bookingId, paymentToken: 'tok', amountMinor })
    for (let times = 0; times < 2; times++) {
      const outboxId = this.duel.world.effects.at(-1)?.id ?? 0
      const outcome = { type: 'done', providerReference: `s${times}` } as const
      this.tell({ type: 'recordOutcome', outboxId, outcome }, 0)
    }
  }
}

it.each(Array.from({ length: 12 }, (_, i) => i + 1))('machine and model agree on %i', (seed) => {
  const trips = new Trips(seed)
  trips.sell()
  for (let step = 0; step < 120; step++) {
    trips.next()
    if (step % 30 === 7) trips.duel.reload()
  }
})

it('legs are exchanged, once each, paid late, refused and undone in them', () => {
  const seen = new Set<string>()
  for (let seed = 1; seed <= 12; seed++) {
    const trips = new Trips(seed)
    trips.duel.invariantsOn = false
    trips.sell()
    for (let step = 0; step < 120; step++) trips.next()
    const { bookings } = trips.duel.world
    for (const { exchange, status } of bookings) {
      if (exchange === undefined || bookings[exchange.old - 1]?.trip === 0) continue
      seen.add(exchange.confirmedAt === 0 ? 'never' : exchange.undone ? 'undone' : status)
    }
  }
  expect([...seen]).toEqual(expect.arrayContaining(['never', 'undone', 'confirmed', 'exchanged']))
})
