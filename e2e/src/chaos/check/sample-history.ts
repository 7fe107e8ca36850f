/** Histories as a correct cluster would give them, for the checker's own tests. */
import type { Answer, Call, FinalBooking, History, Operation } from '../history.ts'
import { Random } from '../random.ts'

interface Seat {
  readonly bookingId: number
  readonly name: string
  status: string
}

const clients = 8
const seats = 5
const runId = 7

/**
 * Clients that buy, look and give back at once, on few seats. An operation has its effect at one moment
 * between its start and its end; some were sent twice, and only know an index behind that moment.
 */
export function sampleHistory(seed: number, length = 600): History {
  const random = new Random(seed, 'sample')
  const taken = new Map<number, Seat>()
  const final = new Map<number, FinalBooking>()
  const busyUntil = Array.from({ length: clients }, () => 0)
  const operations: Operation[] = []
  let index = 100
  let now = 0
  let nextBookingId = 1
  for (let nth = 1; nth <= length; nth++) {
    now += 1 + random.next()
    const free = busyUntil.findIndex((until) => until < now - 5)
    if (free === -1) continue
    const client = free + 1
    const call = nextCall(random, taken, `C${client} ${nth}`)
    const done = apply(call)
    const again = done !== undefined && call.kind !== 'seatMap' && random.chance(0.1)
    if (again) index++
    const endMs = now + random.next() * 4
    busyUntil[free] = endMs
    operations.push({
      ...{ client, nth, call, startMs: now - random.next() * 4, endMs },
      attempts: again ? 2 : 1,
      outcome:
        done === undefined
          ? { type: 'refused', code: 'SEAT_TAKEN' }
          : { type: 'done', index, exact: !again, answer: done },
    })
  }
  const rows = [...final.values()]
  const hash = { index, hash: 'abc' }
  return {
    operations,
    final: { n1: rows, n2: rows, n3: rows },
    hashes: { n1: hash, n2: hash, n3: hash },
    ledger: { sumMinor: 0, orphans: 0 },
  }

  function apply(call: Call): Answer | undefined {
    if (call.kind === 'seatMap') return { kind: 'seatMap', taken: [...taken.keys()] }
    index++
    if (call.kind === 'hold') {
      if (taken.has(call.seat)) return undefined
      const { name, seat } = call
      const bookingId = nextBookingId++
      taken.set(seat, { bookingId, name, status: 'HELD' })
      const row = { ...call, kind: undefined, bookingId, status: 'HELD', heldAtIndex: index }
      final.set(bookingId, row)
      return { kind: 'booking', bookingId, status: 'HELD', seat, name }
    }
    const [seat, booking] = [...taken].find(([, one]) => one.bookingId === call.bookingId) as [
      number,
      Seat,
    ]
    const status = {
      pay: 'PAYING',
      cancel: 'CANCELLED',
      release: 'RELEASED',
      booking: booking.status,
    }
    booking.status = status[call.kind]
    if (call.kind === 'cancel' || call.kind === 'release') taken.delete(seat)
    const row = final.get(call.bookingId) as FinalBooking
    const shown = booking.status === 'PAYING' ? 'CONFIRMED' : booking.status
    final.set(call.bookingId, { ...row, status: shown })
    return { kind: 'booking', seat, ...booking }
  }
}

function nextCall(random: Random, taken: ReadonlyMap<number, Seat>, name: string): Call {
  const stretch = { runId, fromStop: 0, toStop: 2 }
  const held = [...taken.values()]
  if (held.length === 0 || random.chance(0.4)) {
    return { kind: 'hold', ...stretch, seat: random.between(1, seats), name }
  }
  if (random.chance(0.4)) return { kind: 'seatMap', ...stretch }
  const { bookingId, status } = random.pick(held)
  if (random.chance(0.3)) return { kind: 'booking', bookingId }
  if (status === 'HELD') return { kind: random.chance(0.5) ? 'pay' : 'release', bookingId }
  return { kind: 'cancel', bookingId }
}
