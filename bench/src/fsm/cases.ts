/** Holds and sales, entry after entry: all that `applyEntry` does, and nothing else. */
import {
  applyEntry,
  type Command,
  type Entry,
  loadState,
  type RequestKey,
} from '@quorail/booking-fsm'
import type { Case } from '../harness/measure.ts'
import { sampled } from '../harness/sample.ts'
import { bookRows } from './book.ts'
import { ACCOUNTS, FIRST_MS, Railway, RUNS, randomFrom, SEGMENTS } from './railway.ts'

export const HOLD_ONE = 'holds, 1 passenger'
export const HOLD_BOOK = 'holds, 1 passenger, large book'

/** `sold`: how many bookings a large book has when a round begins. */
export function cases(sold: number): readonly Case[] {
  const soldOut = () => new Railway(loadState(bookRows(sold)), 1_000_000, FIRST_MS)
  return [
    holds(HOLD_ONE, Railway.found, () => 1),
    holds('holds, 1 to 6 passengers', Railway.found, (random) => 1 + Math.floor(random() * 6)),
    holds(HOLD_BOOK, soldOut, () => 1),
    holds(
      'holds, 1 to 6 passengers, large book',
      soldOut,
      (random) => 1 + Math.floor(random() * 6),
    ),
    sales(),
  ]
}

/** The entries are made before the clock runs: making them is the door's work. */
const CHUNK = 4_096

function holds(name: string, open: () => Railway, party: (random: () => number) => number): Case {
  let seed = 1
  return {
    name,
    unit: 'holds',
    run: (seconds) => {
      const railway = open()
      const random = randomFrom(seed++)
      const until = seconds * 1_000
      return sampledChunks(until, () => {
        const entries = Array.from({ length: CHUNK }, () => {
          // 100 a second of log time, so that 60,000 are held at any time.
          railway.nowMs += 10
          const actor = 1 + Math.floor(random() * ACCOUNTS)
          return railway.entry(holdOf(random, party(random)), actor, keyFor(actor, railway.index))
        })
        return () => {
          let held = 0
          for (const entry of entries) {
            if (applyEntry(railway.state, entry).reply.type === 'seatsHeld') held++
          }
          return held
        }
      })
    },
  }
}

/** Hold, payment, authorised, captured: four entries for each sale. */
function sales(): Case {
  let seed = 1_000
  return {
    name: 'sales: held, paid, authorised, captured',
    unit: 'sales',
    run: (seconds) => {
      const railway = Railway.found()
      const random = randomFrom(seed++)
      return sampledChunks(seconds * 1_000, () => {
        const orders = Array.from({ length: CHUNK / 4 }, () => holdOf(random, 1))
        return () => {
          for (const order of orders) sell(railway, order)
          return orders.length
        }
      })
    },
  }
}

function sell(railway: Railway, order: Command): void {
  railway.nowMs += 10
  const actor = 1 + (railway.index % ACCOUNTS)
  const held = railway.must(order, actor, keyFor(actor, railway.index))
  if (held.type !== 'seatsHeld') throw new Error(held.type)
  const { bookingId, priceMinor } = held
  const paying = { bookingId, paymentToken: 'tok_0123456789', amountMinor: priceMinor }
  railway.must({ type: 'startPayment', ...paying }, actor, keyFor(actor, railway.index))
  for (const step of [1, 0]) {
    const outboxId = bookingId * 2 - step
    const outcome = { type: 'done', providerReference: `ref_${outboxId}` } as const
    railway.must({ type: 'recordOutcome', outboxId, outcome })
  }
}

function holdOf(random: () => number, party: number): Command {
  const fromStop = Math.floor(random() * SEGMENTS)
  const left = Math.min(12, SEGMENTS - fromStop)
  return {
    type: 'holdSeats',
    runId: 1 + Math.floor(random() * RUNS),
    fromStop,
    toStop: fromStop + 1 + Math.floor(random() * left),
    classCode: '2',
    passengers: Array.from({ length: party }, () => ({ name: `sealed:${'x'.repeat(57)}` })),
    seats: [],
  }
}

function keyFor(actor: number, index: Entry['index']): RequestKey {
  return {
    principal: `a:${actor}`,
    method: 'HoldSeats',
    requestId: String(index).padStart(22, '0'),
    contentHash: '0123456789abcdef'.repeat(4),
  }
}

/** Repeats `prepare` (not counted) and what it gives (counted) until the counted time is over. */
async function sampledChunks(untilMs: number, prepare: () => () => number) {
  let [operations, wallMs, cpuMicros] = [0, 0, 0]
  const all = await sampled(() => {
    while (wallMs < untilMs) {
      const work = prepare()
      const cpu = process.cpuUsage()
      const began = performance.now()
      operations += work()
      wallMs += performance.now() - began
      const { user, system } = process.cpuUsage(cpu)
      cpuMicros += user + system
    }
    return { operations }
  })
  return { ...all, wallSeconds: wallMs / 1_000, cpuSeconds: cpuMicros / 1e6 }
}
