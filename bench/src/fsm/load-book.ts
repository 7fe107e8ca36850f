/**
 * A process of its own that loads a book and says what it took: `node load-book.ts BOOKINGS`. Its rows
 * come one after the other, as from a database, and making them is not counted.
 */
import { loadState, type Row, stateHash } from '@quorail/booking-fsm'
import { bookRows } from './book.ts'

const bookings = Number(process.argv[2])
let producing = 0
let producingCpu = 0

function cpuMicros(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Stops the clock while the next rows are made. */
function* stopped(rows: Iterator<Row>): Generator<Row> {
  for (;;) {
    const began = performance.now()
    const cpu = cpuMicros()
    const batch: Row[] = []
    while (batch.length < 1_024) {
      const next = rows.next()
      if (next.done === true) break
      batch.push(next.value)
    }
    producing += performance.now() - began
    producingCpu += cpuMicros() - cpu
    if (batch.length === 0) return
    yield* batch
  }
}

const collect = (globalThis as { gc?: () => void }).gc ?? (() => {})
collect()
const before = process.memoryUsage()
const began = performance.now()
const cpu = cpuMicros()
const state = loadState(stopped(bookRows(bookings)))
const milliseconds = performance.now() - began - producing
const cpuSeconds = (cpuMicros() - cpu - producingCpu) / 1e6
const peakRssBytes = process.resourceUsage().maxRSS * 1_024
collect()
const after = process.memoryUsage()
console.log(
  JSON.stringify({
    bookings,
    milliseconds,
    cpuSeconds,
    peakRssBytes,
    heldBytes: after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers,
    hash: stateHash(state),
  }),
)
