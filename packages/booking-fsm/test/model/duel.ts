import {
  applyEntry,
  type BookingState,
  type BookingView,
  type ChargebackView,
  createState,
  customerOf,
  type Entry,
  fareProducts,
  findArchived,
  findBooking,
  findCompany,
  findSecondFactor,
  findStation,
  getStation,
  info,
  isPnr,
  ledgerReport,
  ledgerTotals,
  listChargebacks,
  listDisruptions,
  listDraws,
  listOverrides,
  listVouchers,
  loadState,
  nodeAddresses,
  type OverrideView,
  occupancy,
  passengersOf,
  pendingNotices,
  pendingOutbox,
  type Reply,
  type Row,
  type RowChange,
  refundQuote,
  rowsOf,
  searchConnections,
  searchJourneys,
  seatMap,
  sessionsOf,
  stateHash,
  tables,
  ticketKeys,
  ticketsOf,
  tillOf,
} from '../../src/index.ts'
import { Watch } from '../invariants/watch.ts'
import { nameOf } from '../invariants/written-rows.ts'
import { modelArchived } from './archived.ts'
import { openInvoices } from './company-commands.ts'
import { modelDisruptions } from './disruption-commands.ts'
import { modelDraws } from './draw-commands.ts'
import type { Draw } from './draws.ts'
import { guidedReload, guidedTries, plainStep, proposals } from './guided.ts'
import { entryFor, type Sent, type Step } from './history.ts'
import { stationCodes } from './history-commands.ts'
import { Invariants } from './invariants.ts'
import { balance } from './ledger.ts'
import { modelApply, modelFirst } from './model.ts'
import { modelNotices } from './notice-commands.ts'
import { preludeCommands, startMs } from './prelude.ts'
import { modelProducts } from './product-commands.ts'
import { findRequest } from './requests.ts'
import { isSame } from './same.ts'
import { runsToLookAt, unlikeModel } from './search-views.ts'
import {
  modelBooking,
  modelJourneys,
  modelOccupancy,
  modelOutbox,
  modelRefundQuote,
  modelSeatMap,
  modelTickets,
} from './views.ts'
import { modelVouchers } from './voucher-commands.ts'
import {
  emptyWorld,
  type LedgerAccount,
  legsOf,
  type ModelBooking,
  trainOf,
  type World,
} from './world.ts'

const ofArchive = new Set(['booking_stubs', 'payment_stubs', 'outbox'])
const tableOf = new Map(tables.map((table) => [table.name, table]))

/** The machine and the model, entry by entry; any difference is an error that names the entry. */
export class Duel {
  readonly world: World = emptyWorld()
  state: BookingState = createState()
  readonly entries: Entry[] = []
  /** Behind how many entries it was loaded from its rows. */
  readonly reloads: number[] = []
  /** They look at every booking after every entry: off where a story needs thousands of them. */
  invariantsOn = true
  private readonly sent: Sent[] = []
  /** The tables as a database would hold them, from the changes alone. */
  private readonly rows = new Map<string, Row>()
  /** What is to be written there before anybody reads it. */
  private unwritten: RowChange[] = []
  /** A machine that was loaded from rows at some index and goes on beside the other. */
  private loaded: BookingState | undefined
  private readonly invariants = new Invariants()
  private readonly watch = new Watch()
  private readonly firstReplies = new Map<string, { reply: Reply; at: number }>()
  private readonly answered = new Set<number>()
  /** Of bookings, behind the last entry: several look at the same ones. */
  private readonly views = new Map<number, BookingView | undefined>()
  private readonly thorough: boolean

  /** `thorough`: everything is looked at after every entry, and not only what its rows can have touched. */
  constructor(thorough = false) {
    this.thorough = thorough
  }

  prelude(draw: Draw): void {
    for (const command of preludeCommands(this.world, draw)) {
      const index = this.world.index + 1
      const timestampMs = startMs
      const reply = this.apply({ index, timestampMs, actor: 0, key: undefined, command })
      // A cluster at the first level has no waiting lists.
      const isSkipped = reply.type === 'refused' && reply.code === 'featureNotActive'
      if (reply.type === 'refused' && !isSkipped) {
        throw new Error(`the prelude: ${JSON.stringify(reply)}`)
      }
    }
  }

  step(step: Step): void {
    const entry = entryFor(this.world, this.sent, step)
    this.apply(entry)
    this.noteSent(entry)
    if (step.twist % 60 === 1) this.reload(false)
  }

  /** One that the model takes, if there is one among a few that are drawn. */
  guidedStep(draw: Draw): void {
    const { world, sent } = this
    const plain = plainStep(draw)
    const entry = plain === undefined ? undefined : entryFor(world, sent, plain)
    if (entry !== undefined) this.apply(entry)
    else this.applyFirst(guidedTries, proposals(world, sent, draw))
    this.noteSent(this.entries.at(-1) as Entry)
    if (draw() % guidedReload === 1) this.reload(false)
  }

  apply(entry: Entry): Reply {
    const isRetry = entry.key !== undefined && findRequest(this.world, entry.key) !== undefined
    const audited = this.world.audit.length
    return this.compare(entry, modelApply(this.world, entry), audited, isRetry)
  }

  private applyFirst(tries: number, propose: () => Entry): void {
    const audited = this.world.audit.length
    const { entry, reply } = modelFirst(this.world, tries, propose)
    this.compare(entry, reply, audited, false)
  }

  private noteSent(entry: Entry): void {
    if (entry.key !== undefined) this.sent.push({ entry: { ...entry, key: entry.key } })
  }

  /** What the model said, and all that it did, is what the machine says and does. */
  protected compare(entry: Entry, expected: Reply, audited: number, isRetry: boolean): Reply {
    this.entries.push(entry)
    this.views.clear()
    const indexBefore = this.state.meta.appliedIndex
    const { reply, changes } = applyEntry(this.state, entry)
    same(masked(reply), expected, 'reply')
    const known = info(this.state)
    if (known.appliedIndex === indexBefore) same(changes, [], 'changes of no entry')
    else this.checkRetry(entry, reply)
    this.checkAnsweredOnce(entry, reply, isRetry)
    this.print(entry, reply)
    same(changes.flatMap(recordOf), this.world.audit.slice(audited), 'audit')
    this.unwritten.push(...changes)
    if (this.loaded !== undefined) {
      same(applyEntry(this.loaded, entry), { reply, changes }, 'loaded machine')
      const { hashLow, hashHigh } = this.loaded
      if (hashLow !== this.state.hashLow || hashHigh !== this.state.hashHigh) {
        throw new Error('hash of the loaded machine differs')
      }
    }
    const { world, state } = this
    same(known.nowMs, world.now, 'clock')
    same(known.bookings, world.bookings.length, 'number of bookings')
    const named = world.bookings.find((b) => b.id === touched(world, entry, reply))
    if (named !== undefined) this.compareTickets(named.id)
    const ids = new Set(named === undefined ? [] : legsOf(world, named).map((leg) => leg.id))
    // Time and the waiting list change others, too.
    for (const { table, ...change } of changes) {
      if (table === 'bookings' && change.type === 'upsert') ids.add(change.values[0] as number)
    }
    if (named?.exchange !== undefined) ids.add(named.exchange.old)
    for (const id of ids) this.compareBooking(id)
    if (this.invariantsOn && changes.length > 0) {
      // What else may be wrong is looked for at each reload.
      const touched = this.watch.check(state, entry, reply, changes, this.thorough)
      const archiveChanged = changes.some(({ table }) => ofArchive.has(table))
      const view = (id: number) => this.viewOf(id)
      if (this.thorough) this.invariants.check(state)
      else this.invariants.check(state, touched, archiveChanged, view)
    }
    return reply
  }

  /** The rows written so far are the whole state. Of what takes long a part each time, unless `everything` is asked for. */
  reload(everything = true): void {
    this.reloads.push(this.entries.length)
    this.write(this.unwritten)
    this.unwritten = []
    const rows = [...this.rows.values()]
    const inOrder = tables.flatMap(({ name }) => rows.filter((row) => row.table === name))
    const isInOrder = this.reloads.length % 2 === 0
    const loaded = loadState(isInOrder ? inOrder : rows)
    same(stateHash(loaded), stateHash(this.state), 'hash after loading')
    if (everything) {
      const other = loadState(isInOrder ? rows : inOrder)
      same(stateHash(other), stateHash(this.state), 'hash after loading in another order')
    }
    const ofState = rowsOf(this.state)
    same(rowsOf(loaded), ofState, 'rows after loading')
    const disruptions = listDisruptions(this.state, 1_000_000)
    same(listDisruptions(loaded, 1_000_000), disruptions, 'disruptions after loading')
    same(ofState.length, rows.length, 'number of rows')
    this.loaded = loaded
    this.compareAll(everything)
  }

  compareAll(everything = true): void {
    const { world, state } = this
    for (const booking of world.bookings) {
      this.compareBooking(booking.id)
      this.compareTickets(booking.id)
    }
    for (const booking of world.archived) this.compareArchived(booking)
    this.compareTicketKeys()
    const byName = [...this.world.nodes].sort((a, b) => (a.name < b.name ? -1 : 1))
    same(nodeAddresses(this.state), byName, 'addresses of nodes')
    this.compareSessions()
    for (const { bookingId, ...customer } of world.customers)
      same(customerOf(state, bookingId), customer, `customer of ${bookingId}`)
    for (const company of world.companies) {
      const shown = findCompany(state, company.companyId)
      const open = openInvoices(world)
        .filter((it) => it.companyId === company.companyId && it.number > 0)
        .map(({ number, due, total, tax, paid }) => ({
          ...{ invoiceId: number, dueAtMs: due, totalMinor: total, taxMinor: tax, paidMinor: paid },
        }))
      same(shown, { ...company, openInvoices: open }, `company ${company.companyId}`)
    }
    for (const { accountId, tillId, cash } of world.tills.filter((till) => till.open)) {
      const { tillId: id, cashMinor } = tillOf(state, accountId) ?? {}
      same([id, cashMinor], [tillId, cash], `till of ${accountId}`)
    }
    for (const { id, saved } of world.accounts)
      same(passengersOf(state, id), saved, `passengers of ${id}`)
    same(pendingOutbox(state, 1_000_000), modelOutbox(world), 'outbox')
    if (this.invariantsOn) this.compareSeats()
    same(listDraws(state, 1_000), modelDraws(world), 'draws')
    same(pendingNotices(state, 1_000_000), modelNotices(world), 'notices')
    same(listDisruptions(state, 1_000_000), modelDisruptions(world), 'disruptions')
    for (const run of world.runs) {
      same(occupancy(state, run.id), modelOccupancy(world, run.id), `occupancy of ${run.id}`)
    }
    same(
      ledgerTotals(state),
      Object.fromEntries(
        Object.keys(ledgerTotals(state)).map((it) => [it, balance(world, it as LedgerAccount)]),
      ),
      'ledger',
    )
    same(listVouchers(state, 0, 1_000_000), modelVouchers(world), 'vouchers')
    same(ledgerReport(state, 0, 1_000_000).orphans, [], 'money without a reason')
    same(byId(listOverrides(state, 1_000_000)), world.overrides, 'overrides')
    same(listChargebacks(state, 1_000_000), latestFirst(world.chargebacks), 'chargebacks')
    this.compareStations()
    this.compareJourneys(everything ? stationCodes : [this.oneOf(stationCodes)])
    this.compareProducts()
    if (everything || this.reloads.length % 4 === 0) this.compareConnections()
    if (!this.invariantsOn) return
    this.invariants.check(state)
    this.watch.checkAll(state)
  }

  /** Of the runs that are sold most, between two stops. */
  private compareSeats(): void {
    const { world, state } = this
    for (const run of world.runs.filter(({ importId }) => importId === 0).slice(-3)) {
      const last = trainOf(world, run).stops.length - 1
      const from = world.index % last
      const shown = seatMap(state, run.id, from, last).map(
        ({ seat, free, properties, residual, offered }) => ({
          seat,
          free,
          properties,
          residual,
          offered,
        }),
      )
      same(shown, modelSeatMap(world, run, from, last), `seats of ${run.id}`)
    }
  }

  private compareBooking(id: number | undefined): void {
    const booking = this.world.bookings.find((b) => b.id === id)
    if (booking === undefined) return
    const shown = this.viewOf(booking.id)
    same(maskedBooking(shown), modelBooking(this.world, booking), `booking ${booking.id}`)
    for (const now of [this.world.now, this.world.now + 3_600_000]) {
      const quote = refundQuote(this.state, booking.id, now)
      same(quote, modelRefundQuote(this.world, booking, now), `refund quote of ${booking.id}`)
    }
  }

  private viewOf(id: number): BookingView | undefined {
    const known = this.views.get(id)
    if (known !== undefined) return known
    const view = findBooking(this.state, id)
    this.views.set(id, view)
    return view
  }

  private compareArchived(booking: ModelBooking): void {
    const { world, state } = this
    same(findBooking(state, booking.id), undefined, `booking ${booking.id} in memory`)
    const shown = findArchived(state, booking.id)
    same(shown && { ...shown, pnr: '' }, modelArchived(world, booking), `archived ${booking.id}`)
  }

  /** A number stands on one ticket only; which, the model can not know before. */
  private print(entry: Entry, reply: Reply): void {
    if (reply.type !== 'ticketsIssued' || entry.command?.type !== 'issueTickets') return
    const { bookingId } = entry.command
    for (const { position, ticketNumber } of reply.tickets) {
      const made = this.world.tickets.filter(
        (t) => t.bookingId === bookingId && t.position === position,
      )
      const earlier = this.world.printed.find((p) => p.ticketNumber === ticketNumber)
      if (earlier === undefined) {
        const version = made.length
        this.world.printed.push({ ticketNumber, bookingId, position, version })
      } else if (earlier.bookingId !== bookingId || earlier.position !== position) {
        throw new Error(`the ticket ${ticketNumber} is there twice`)
      }
    }
  }

  private compareTickets(bookingId: number): void {
    const shown = ticketsOf(this.state, bookingId).map((ticket) => {
      const { ticketNumber } = ticket
      const printed = this.world.printed.find((p) => p.ticketNumber === ticketNumber)
      if (printed?.version !== ticket.version) throw new Error(`${ticketNumber} is not printed`)
      return { ...ticket, ticketNumber: '' }
    })
    same(shown, modelTickets(this.world, bookingId), `tickets of ${bookingId}`)
  }

  private compareSessions(): void {
    const { world, state } = this
    for (const { id, factor } of world.accounts) {
      const open = world.sessions.filter((it) => it.accountId === id && it.expiresAt > world.now)
      const hashes = (all: readonly { tokenHash: string }[]) => all.map((it) => it.tokenHash).sort()
      same(hashes(sessionsOf(state, id, world.now)), hashes(open), `sessions of ${id}`)
      same(findSecondFactor(state, id)?.lastStep, factor?.used, `second factor of ${id}`)
      same(findSecondFactor(state, id)?.recoveryCodes, factor?.recovery.length, `codes of ${id}`)
    }
  }

  private compareTicketKeys(): void {
    const shown = ticketKeys(this.state).map(({ keyId, publicKey, withdrawnAtMs }) => ({
      keyId,
      publicKey,
      withdrawn: withdrawnAtMs > 0,
    }))
    const known = [...this.world.ticketKeys].sort((a, b) => (a.keyId < b.keyId ? -1 : 1))
    same(shown, known, 'ticket keys')
  }

  private compareStations(): void {
    for (const { importId, input } of this.world.stations) {
      const shown = findStation(this.state, input.code)
      const visible = this.world.stations.find(
        (s) => s.importId === 0 && s.input.code === input.code,
      )
      if (visible === undefined) same(shown, undefined, `station ${input.code} under an import`)
      if (importId !== 0 || shown === undefined) continue
      const { searchTerms: _, groupCode = '', changeSeconds = 300, zone = '', ...rest } = input
      const expected = { ...rest, groupCode, changeSeconds, zone, stationId: 0 }
      same({ ...shown, stationId: 0 }, expected, `station ${input.code}`)
      same(getStation(this.state, shown.stationId), shown, `station ${shown.stationId}`)
    }
  }

  /** Each in its turn. */
  private oneOf<T>(things: readonly T[]): T {
    return things[this.reloads.length % things.length] as T
  }

  private compareJourneys(starts: readonly string[]): void {
    const { world, state } = this
    const query = {
      earliestMs: world.now - 86_400_000,
      latestMs: world.now + 3 * 86_400_000,
      nowMs: world.now,
      passengers: 2,
      limit: 50,
    }
    for (const from of starts) {
      for (const to of stationCodes) {
        const [start, end] = [findStation(state, from), findStation(state, to)]
        if (start === undefined || end === undefined || from === to) continue
        const ids = { fromStationId: start.stationId, toStationId: end.stationId }
        const found = searchJourneys(state, { ...query, ...ids })
        const plain = modelJourneys(world, from, to, query).map((j) => ({ ...j, ...ids }))
        same(found, plain, `journeys ${from} to ${to}`)
      }
    }
  }

  private compareProducts(): void {
    const { world, state } = this
    for (const run of world.runs.slice(-3)) {
      const classCode = trainOf(world, run).coaches[0]?.classCode ?? '2'
      const stops = trainOf(world, run).stops.length
      const ends = { fromStop: world.index % (stops - 1), toStop: stops - 1 }
      const asked = { runId: run.id, ...ends, classCode, passengerTypes: ['', ''] }
      const query = { ...asked, nowMs: world.now }
      same(fareProducts(state, query), modelProducts(world, query), `products of ${run.id}`)
    }
  }

  /** Going through every way takes long: between two of the stations each time. */
  private compareConnections(): void {
    const { world, state, entries } = this
    if (world.fareRules.every((rule) => rule.validFromMs > world.now)) return
    const at = entries.length
    const [from, to] = [stationCodes[at % 7] as string, stationCodes[(at * 3 + 1) % 7] as string]
    const ids = [findStation(state, from)?.stationId, findStation(state, to)?.stationId]
    const [fromStationId = 0, toStationId = 0] = ids
    const window = { earliestMs: world.now + 1, latestMs: world.now + 86_400_000 }
    const runs = runsToLookAt(world, { from, to, ...window, maxChanges: 0 })
    if (runs > 10) return
    const asked = { ...window, maxChanges: runs > 3 ? at % 2 : at % 3 }
    const passengerTypes = ['', '']
    const others = { nowMs: world.now, passengerTypes, limit: 1_000 }
    const found = searchConnections(state, { fromStationId, toStationId, ...asked, ...others })
    const unlike = unlikeModel(world, { from, to, ...asked }, 2, found)
    if (unlike !== undefined) throw new Error(`connections ${from} to ${to}: ${unlike}`)
  }

  private write(changes: readonly RowChange[]): void {
    for (const change of changes) {
      const table = tableOf.get(change.table)
      if (table === undefined) throw new Error(`no table ${change.table}`)
      if (table.purpose === 'record') continue
      const isDelete = change.type === 'delete'
      const key = isDelete ? change.key : change.values.slice(0, table.keyColumns)
      const name = nameOf(change.table, key)
      if (isDelete) this.rows.delete(name)
      else this.rows.set(name, { table: change.table, values: change.values })
    }
  }

  /** The same request gives the same reply, byte for byte, until what it was about is archived. */
  private checkRetry(entry: Entry, reply: Reply): void {
    const { key } = entry
    if (key === undefined || entry.command?.type === 'resolveRequest') return
    // Whether it is archived the model knows; a booking's request that was sent again after a day can be in the archive soon.
    if (reply.type === 'refused' && reply.code === 'requestArchived') return
    // What is wrong with the entry itself is found before its key is looked at.
    if (reply.type === 'refused' && /^(index|timestampMs|actor|type|key\..*)$/.test(reply.field))
      return
    const name = [key.principal, key.method, key.requestId, key.contentHash].join('\n')
    const first = this.firstReplies.get(name)
    const now = info(this.state).nowMs
    if (first === undefined || now >= first.at + 86_400_000) {
      if (reply.type !== 'refused') this.firstReplies.set(name, { reply, at: now })
    } else same(JSON.stringify(reply), JSON.stringify(first.reply), 'reply to a retry')
  }

  /** An effect is acknowledged once: a second outcome is never taken. */
  private checkAnsweredOnce(entry: Entry, reply: Reply, isRetry: boolean): void {
    if (entry.command?.type !== 'recordOutcome' || reply.type !== 'done' || isRetry) return
    const { outboxId } = entry.command
    if (this.answered.has(outboxId)) throw new Error(`effect ${outboxId} counted twice`)
    this.answered.add(outboxId)
  }
}

function touched(world: World, entry: Entry, reply: Reply): number | undefined {
  if (reply.type === 'seatsHeld' || reply.type === 'waitingListJoined') return reply.bookingId
  if (reply.type === 'tripHeld') return reply.tripId
  if (reply.type === 'exchangeHeld') return reply.bookingId
  const { command } = entry
  if (command?.type === 'recordOutcome' || command?.type === 'payOut') {
    const effect = world.effects.find((e) => e.id === command.outboxId)
    return world.payments.find((p) => p.id === effect?.paymentId)?.bookingId
  }
  if (command?.type === 'settleChargeback') {
    return world.chargebacks.find((it) => it.reference === command.reference)?.bookingId
  }
  return command !== undefined && 'bookingId' in command ? command.bookingId : undefined
}

/** What a record says, but for its place in the chain and the hashes. */
function recordOf(change: RowChange): World['audit'] {
  if (change.table !== 'audit' || change.type === 'delete') return []
  const [, index, at, actor, action, subject, reason] = change.values
  return [{ index, at, actor, action, subject, reason } as World['audit'][number]]
}

function latestFirst(chargebacks: readonly ChargebackView[]): ChargebackView[] {
  const before = (a: ChargebackView, b: ChargebackView) => (a.reference < b.reference ? -1 : 1)
  return [...chargebacks].sort((a, b) => b.recordedAtMs - a.recordedAtMs || before(a, b))
}

function byId(overrides: readonly OverrideView[]): OverrideView[] {
  return [...overrides].sort((a, b) => a.overrideId - b.overrideId)
}

/** The PNR is the one thing that the model does not make. */
function masked(reply: Reply): Reply {
  if (reply.type === 'resolved') return { ...reply, reply: masked(reply.reply) }
  if (reply.type === 'ticketsIssued') {
    return { ...reply, tickets: reply.tickets.map((it) => ({ ...it, ticketNumber: '' })) }
  }
  if (!('pnr' in reply)) return reply
  if (!isPnr(reply.pnr)) throw new Error(`'${reply.pnr}' is no PNR`)
  return { ...reply, pnr: '' }
}

function maskedBooking(booking: BookingView | undefined): BookingView | undefined {
  return booking && { ...booking, pnr: '' }
}

/** Deep equality on plain data; quick where nothing differs, which is nearly always. */
function same(actual: unknown, expected: unknown, what: string): void {
  if (isSame(actual, expected)) return
  const [a, b] = [stable(actual), stable(expected)]
  if (a !== b) throw new Error(`${what} differs\n  machine: ${a}\n  model:   ${b}`)
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}
