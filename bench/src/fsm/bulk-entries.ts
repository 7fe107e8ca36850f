/**
 * A process of its own that does all bulk work on runs that are sold out, and says how long its longest entries took
 * and what an archived booking weighs: `node --expose-gc bulk-entries.ts RUNS`.
 */
import {
  applyEntry,
  type Command,
  dueDisruption,
  loadState,
  pendingOutbox,
  type Reply,
  rowsOf,
  tables,
} from '@quorail/booking-fsm'
import { ACCOUNTS, Railway, SEATS, SEGMENTS } from './railway.ts'

const DAY = 86_400_000
const collect = (globalThis as { gc?: () => void }).gc ?? (() => {})

interface Work {
  entries: number
  longestMs: number
  /** Processor time of this thread: on a busy machine the other one says more about the others. */
  longestCpuMs: number
}

const runs = Number(process.argv[2])
const railway = Railway.found()
const works = new Map<string, Work>()
let staff = 0

prepare()
for (let runId = 1; runId <= runs; runId++) {
  sellOut(runId)
  joinMany(runId)
}
for (let runId = 1; runId <= runs; runId++) {
  timed('closing of a list', { type: 'closeChart', runId }, staff)
}
const odd = Array.from({ length: runs }, (_, i) => i + 1)
for (const runId of odd.filter((id) => id % 2 === 1)) {
  const coaches = { coaches: [], withoutCoaches: ['10'], blockedSeats: [] }
  const change = { type: 'changeConsist', runId, reason: 'technicalFailure' } as const
  timed('re-seating', { ...change, ...coaches }, staff)
  workOff('re-seating')
}
for (const runId of odd.filter((id) => id % 2 === 0)) {
  timed('mass refund', { type: 'cancelRun', runId, reason: 'disruption' }, staff)
  railway.nowMs += 1_000
  workOff('mass refund')
}
// Everybody's time to choose is over: the rest of the refunds.
railway.nowMs += 30 * DAY
workOff('mass refund')
answerAll()
railway.nowMs += (runs + 200) * DAY
railway.must({ type: 'tick' })
for (const runId of odd) archive(runId)
console.log(JSON.stringify({ works: Object.fromEntries(works), ...weighStubs() }))

function prepare(): void {
  const account = { email: 'staff@example.org', displayName: 'Staff', passwordHash: 'h' }
  const reply = railway.must({ type: 'registerAccount', ...account, role: 'staff' })
  if (reply.type !== 'accountRegistered') throw new Error(reply.type)
  staff = reply.accountId
  const rule = { validFromMs: 0, capBasisPoints: 10_000, chartBeforeDepartureMs: 3_600_000 }
  railway.must({ type: 'setWaitingRule', ...rule, promotedHoldMs: 600_000 })
}

/** A party on every seat: as many bookings as there are seats. */
function sellOut(runId: number): void {
  for (let seat = 0; seat < SEATS; seat++) {
    const actor = 1 + (seat % ACCOUNTS)
    const way = { runId, fromStop: 0, toStop: SEGMENTS, classCode: '2', seats: [seat] }
    const held = railway.must(
      { type: 'holdSeats', ...way, passengers: [{ name: name(seat) }] },
      actor,
    )
    if (held.type !== 'seatsHeld') throw new Error(held.type)
    const { bookingId, priceMinor: amountMinor } = held
    railway.must({ type: 'startPayment', bookingId, paymentToken: 'tok_1', amountMinor }, actor)
    answerAll()
  }
}

function joinMany(runId: number): void {
  const wanted = { runId, fromStop: 0, toStop: SEGMENTS, classCode: '2' }
  for (let i = 0; i < 400; i++) {
    const passengers = [{ name: name(i) }]
    const deadlineMs = railway.nowMs + 50 * DAY
    const terms = { deadlineMs, alternatives: [], maxPriceMinor: 1_000_000_000 }
    railway.must({ type: 'joinWaitingList', ...wanted, passengers, ...terms }, 1 + i)
  }
}

/** Whatever is on its way, until nothing is: a payment's effects are answered one after the other. */
function answerAll(): void {
  for (let pending = pendingIds(); pending.length > 0; pending = pendingIds()) {
    for (const outboxId of pending) {
      const outcome = { type: 'done', providerReference: `ref_${outboxId}` } as const
      railway.must({ type: 'recordOutcome', outboxId, outcome })
    }
  }
}

function pendingIds(): number[] {
  return pendingOutbox(railway.state, 1_000).map(({ outboxId }) => outboxId)
}

function workOff(kind: string): void {
  for (;;) {
    const disruptionId = dueDisruption(railway.state, railway.nowMs)
    if (disruptionId === undefined) return
    timed(kind, { type: 'continueDisruption', disruptionId })
  }
}

function archive(runId: number): void {
  for (let belowBookingId = 0; ; ) {
    const reply = timed('archiving', { type: 'archiveRun', runId, belowBookingId })
    if (reply.type !== 'runArchived') return
    ;({ belowBookingId } = reply)
    if (belowBookingId === 0) return
  }
}

function timed(kind: string, command: Command, actor = 0): Reply {
  const entry = railway.entry(command, actor)
  const cpu = process.threadCpuUsage()
  const began = performance.now()
  const { reply } = applyEntry(railway.state, entry)
  const milliseconds = performance.now() - began
  const { user, system } = process.threadCpuUsage(cpu)
  const work = works.get(kind) ?? { entries: 0, longestMs: 0, longestCpuMs: 0 }
  works.set(kind, work)
  work.entries++
  work.longestMs = Math.max(work.longestMs, milliseconds)
  work.longestCpuMs = Math.max(work.longestCpuMs, Math.min((user + system) / 1_000, milliseconds))
  if (reply.type === 'refused') throw new Error(`${command.type}: ${JSON.stringify(reply)}`)
  return reply
}

/** The same state with and without them, each loaded from its rows. */
function weighStubs(): { readonly archived: number; readonly bytesPerArchived: number } {
  const stubTables = ['booking_stubs', 'payment_stubs']
  const rows = rowsOf(railway.state)
  const inOrder = tables.flatMap(({ name: of }) => rows.filter(({ table }) => table === of))
  const without = inOrder.filter(({ table }) => !stubTables.includes(table))
  const archived = inOrder.filter(({ table }) => table === 'booking_stubs').length
  const [all, rest] = [inOrder, without].map((of) => {
    collect()
    const before = heldBytes()
    const state = loadState(of)
    collect()
    return { state, bytes: heldBytes() - before }
  })
  if (all === undefined || rest === undefined) throw new Error('nothing loaded')
  return { archived, bytesPerArchived: archived === 0 ? 0 : (all.bytes - rest.bytes) / archived }
}

function heldBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function name(i: number): string {
  return `sealed:${String(i).padStart(57, 'x')}`
}
