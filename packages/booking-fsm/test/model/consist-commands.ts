import type { ChangeConsist, Coach, Entry, Reply, SeatProperty } from '../../src/index.ts'
import { needStaff } from './caller.ts'
import { stillThere } from './cancel-commands.ts'
import { loseTrain, rulesAt } from './disrupted.ts'
import { changeOf, visibleRun } from './disruption-basics.ts'
import { linesOf } from './fare-lines.ts'
import { isLater } from './later-seats.ts'
import { tell } from './notice-commands.ts'
import { payBack } from './override-commands.ts'
import { expireWhenDue } from './own-booking.ts'
import { dropTightQuotas } from './quota-commands.ts'
import { refuse } from './refuse.ts'
import { chooseSeats, isFree, isPlace, type ModelSeat, seatsOf } from './seat-choice.ts'
import { checkId, checkInt, checkLength, checkText } from './shapes.ts'
import { isSharing } from './shared-berths.ts'
import { checkCoaches } from './train-shape.ts'
import { expectNext } from './waiting-offers.ts'
import {
  departureAt,
  drawOf,
  everyBooking,
  isCancelled,
  isLive,
  isOfRun,
  legsOf,
  type ModelBooking,
  type ModelDisruption,
  type ModelParty,
  type ModelReseating,
  type ModelRun,
  type ModelTrain,
  runOf,
  trainOf,
  type World,
} from './world.ts'

const day = 86_400_000
const knownReasons = [
  'strike',
  'disruption',
  'connectionBroken',
  'technicalFailure',
  'staffError',
  'goodwill',
  'medical',
  'other',
]

export function changeConsist(world: World, entry: Entry, command: ChangeConsist): Reply {
  const { runId, coaches, withoutCoaches, blockedSeats, reason } = command
  checkId(runId, 'runId')
  checkLength(coaches, 0, 40, 'coaches')
  if (coaches.length > 0) checkCoaches(coaches)
  checkLength(withoutCoaches, 0, 40, 'withoutCoaches')
  withoutCoaches.forEach((label, i) => {
    checkText(label, 1, 16, `withoutCoaches[${i}]`)
    if (withoutCoaches.slice(0, i).includes(label)) {
      refuse('invalidField', { field: `withoutCoaches[${i}]` })
    }
  })
  checkLength(blockedSeats, 0, 200, 'blockedSeats')
  blockedSeats.forEach((seat, i) => {
    checkInt(seat, 0, 1_999, `blockedSeats[${i}]`)
    if (blockedSeats.slice(0, i).includes(seat)) {
      refuse('invalidField', { field: `blockedSeats[${i}]` })
    }
  })
  if (coaches.length === 0 && withoutCoaches.length === 0 && blockedSeats.length === 0) {
    refuse('invalidField', { field: 'coaches' })
  }
  if (!knownReasons.includes(reason)) refuse('invalidField', { field: 'reason' })
  needStaff(world, entry)
  const run = visibleRun(world, runId)
  if (isCancelled(world, run)) refuse('runCancelled')
  if (drawOf(world, runId) !== undefined) refuse('runInDraw')
  if (departureAt(world, run, 0) <= world.now) refuse('runDeparted')
  if (world.reseatings.some((it) => it.runId === runId)) refuse('consistChanging')
  const all = coaches.length > 0 ? coaches : trainOf(world, run).coaches
  withoutCoaches.forEach((label, i) => {
    const isThere = all.some((coach) => coach.label === label)
    if (!isThere) refuse('coachNotFound', { field: `withoutCoaches[${i}]` })
  })
  const left = all.filter((coach) => !withoutCoaches.includes(coach.label))
  if (left.length === 0) refuse('invalidField', { field: 'withoutCoaches' })
  const train = { ...trainOf(world, run), coaches: structuredClone(left) as Coach[] }
  blockedSeats.forEach((seat, i) => {
    if (seatsOf(train)[seat] === undefined) {
      refuse('seatNotFound', { field: `blockedSeats[${i}]` })
    }
  })
  const before = offSale(world, run, train)
  const again = blockedSeats.filter((seat) => before.includes(seat))
  if (again.length > 0) refuse('seatBlocked', { seats: again })
  const disruption: ModelDisruption = {
    id: world.disruptions.length + 1,
    kind: 'consistChanged',
    fromStop: 0,
    runId,
    reason,
    begunAt: world.now,
    phase: 'listing',
    cursor: everyBooking(world).length + 1,
    choiceUntil: world.now + (rulesAt(world, world.now)?.choiceMs ?? 3 * day),
    bookings: 0,
    moved: 0,
  }
  world.disruptions.push(disruption)
  world.reseatings.push({
    disruptionId: disruption.id,
    runId,
    train,
    blocked: [...blockedSeats],
    moved: false,
    parties: [],
  })
  return { type: 'disruptionBegun', disruptionId: disruption.id }
}

export function continueConsist(world: World, disruption: ModelDisruption): void {
  const reseating = world.reseatings.find((it) => it.disruptionId === disruption.id)
  const run = world.runs.find((it) => it.id === disruption.runId)
  if (reseating === undefined || run === undefined) throw new Error('nobody is seated')
  if (disruption.phase === 'listing') list(world, disruption, reseating)
  else if (disruption.phase === 'seating') {
    const next = nextOf(reseating)
    if (next.length > 0) seatThem(world, run, reseating, next.slice(0, 50))
    else {
      moveAll(world, run, reseating, disruption)
      disruption.phase = 'telling'
    }
  } else tellThem(world, disruption, reseating)
}

function list(world: World, disruption: ModelDisruption, reseating: ModelReseating): void {
  const all = world.bookings
    .filter((b) => b.runId === disruption.runId && b.id < disruption.cursor)
    .sort((a, b) => b.id - a.id)
  for (const booking of all.slice(0, 200)) {
    disruption.cursor = booking.id
    expireWhenDue(world, booking)
    if (!isLive(booking)) continue
    if (reseating.parties.length === 800) {
      world.reseatings = world.reseatings.filter((it) => it !== reseating)
      disruption.phase = 'abandoned'
      return
    }
    const seats = seatsOf(trainOf(world, runOf(world, booking)))
    const there = stillThere(booking)
    const needs = there.some((at) => isPlaceAt(seats, booking.passengers[at]?.seat))
    const paid = booking.status === 'confirmed'
    reseating.parties.push({
      bookingId: booking.id,
      paid,
      needs: paid && needs && !isSharing(booking),
      size: there.length,
      later: isSharing(booking) ? 10_000 : isLater(booking) ? booking.fromStop : -1,
      halves: false,
      status: 'listed',
      classCode: booking.classCode,
      seats: [],
      backs: [],
    })
  }
  if (all.length <= 200) disruption.phase = 'seating'
}

/** All that have paid in their class; then those of them in other classes; then who has not paid. */
function nextOf({ parties }: ModelReseating): ModelParty[] {
  const stages = [
    parties.filter((it) => it.status === 'listed' && it.paid),
    parties.filter((it) => it.status === 'left'),
    parties.filter((it) => it.status === 'listed' && !it.paid),
  ]
  const stage = stages.find((of) => of.length > 0) ?? []
  return [...stage].sort(
    (a, b) =>
      Number(b.paid) - Number(a.paid) ||
      Number(b.needs) - Number(a.needs) ||
      a.later - b.later ||
      b.size - a.size ||
      a.bookingId - b.bookingId,
  )
}

/** The new formation with nobody in it but those who have a seat there by now. */
interface Ghost {
  readonly world: World
  readonly run: ModelRun
  /** Seats that somebody will keep who is not seated yet. */
  claims: { bookingId: number; seat: number; from: number; to: number }[]
}

function seatThem(
  world: World,
  run: ModelRun,
  reseating: ModelReseating,
  next: readonly ModelParty[],
): void {
  const { train } = reseating
  const there = (it: ModelParty) =>
    world.bookings.find((b) => b.id === it.bookingId && b.runId === run.id && isLive(b))
  const block = { id: 0, trainId: run.trainId, runId: run.id, fromDate: 0, toDate: 99_999_999 }
  const seats = [...offSale(world, run, train), ...reseating.blocked]
  const ghost: Ghost = {
    world: { ...world, bookings: [], blocks: [{ ...block, seats, shared: false }] },
    run: { ...run, own: { train, changedAt: world.now } },
    claims: [],
  }
  for (const party of reseating.parties) {
    const booking = there(party)
    if (booking === undefined) continue
    if (party.status === 'seated' && !party.halves) {
      sit(ghost, booking, party.classCode, party.seats)
    }
    if (party.status !== 'listed') continue
    const kept = keptBy(world, run, train, booking) ?? []
    const { id: bookingId, fromStop: from, toStop: to } = booking
    for (const seat of kept) ghost.claims.push({ bookingId, seat, from, to })
  }
  for (const party of next) {
    const booking = there(party)
    if (booking === undefined) party.status = 'lost'
    else seatOne(world, ghost, run, train, booking, party)
  }
}

function seatOne(
  world: World,
  ghost: Ghost,
  run: ModelRun,
  train: ModelTrain,
  booking: ModelBooking,
  party: ModelParty,
): void {
  const { fromStop, toStop } = booking
  const take = (classCode: string, seats: readonly number[], backs: readonly number[]): void => {
    const there = stillThere(booking)
    party.status = 'seated'
    party.classCode = classCode
    party.seats = booking.passengers.map((_, at) => seats[there.indexOf(at)] ?? -1)
    party.backs = backs
    sit(ghost, booking, classCode, party.seats)
  }
  if (party.status === 'left') {
    for (const { classCode, backs } of others(world, train, booking)) {
      const seats = found(world, ghost, run, booking, classCode)
      if (seats === undefined) continue
      take(classCode, seats, backs)
      return
    }
    party.status = 'lost'
    return
  }
  const berths = keptBerths(world, run, train, booking)
  if (berths !== undefined) {
    const there = stillThere(booking)
    party.status = 'seated'
    party.halves = true
    party.seats = booking.passengers.map((_, at) => berths[there.indexOf(at)] ?? -1)
    party.backs = []
    return
  }
  ghost.claims = ghost.claims.filter((it) => it.bookingId !== booking.id)
  const kept = keptBy(world, run, train, booking)
  const stays = kept?.every((seat) => isFree(ghost.world, ghost.run, seat, fromStop, toStop))
  const seats = stays ? kept : found(world, ghost, run, booking, booking.classCode)
  if (seats !== undefined) take(booking.classCode, seats, [])
  else party.status = booking.status === 'confirmed' ? 'left' : 'lost'
}

function sit(
  ghost: Ghost,
  booking: ModelBooking,
  classCode: string,
  seats: readonly number[],
): void {
  const passengers = booking.passengers.map((p, at) => ({
    ...p,
    seat: seats[at] ?? -1,
    half: undefined,
  }))
  ghost.world.bookings.push({ ...booking, classCode, passengers })
}

/** Who shares berths that are there, too, stays on them. */
function keptBerths(
  world: World,
  run: ModelRun,
  train: ModelTrain,
  booking: ModelBooking,
): number[] | undefined {
  if (!isSharing(booking)) return undefined
  const had = stillThere(booking).map((at) => booking.passengers[at]?.seat ?? -1)
  const kept = had.flatMap((seat) => sameSeats(world, run, train, [seat]))
  const isThere = kept.every((seat) => seatsOf(train)[seat]?.classCode === booking.classCode)
  return kept.length === had.length && isThere ? kept : undefined
}

/** Seats of the same name, class and properties; undefined when one is missing. */
function keptBy(
  world: World,
  run: ModelRun,
  train: ModelTrain,
  booking: ModelBooking,
): number[] | undefined {
  if (isSharing(booking)) return undefined
  const before = seatsOf(trainOf(world, run))
  const kept = stillThere(booking).map((at) => {
    const old = before[booking.passengers[at]?.seat ?? -1]
    const same = seatsOf(train).find((seat) => isSamePlace(seat, old))
    const alike = same?.properties.join() === old?.properties.join()
    return alike && same?.classCode === booking.classCode ? same.seat : -1
  })
  return kept.includes(-1) ? undefined : kept
}

function isSamePlace(one: ModelSeat, other: ModelSeat | undefined): boolean {
  return (
    one.coachLabel === other?.coachLabel && one.row === other.row && one.letter === other.letter
  )
}

/** As a hold would, wishing for what all of them have; who needs a wheelchair place has one. */
function found(
  world: World,
  ghost: Ghost,
  run: ModelRun,
  booking: ModelBooking,
  classCode: string,
): number[] | undefined {
  const { fromStop, toStop } = booking
  const train = trainOf(ghost.world, ghost.run)
  if (!train.coaches.some((coach) => coach.classCode === classCode)) return undefined
  const before = seatsOf(trainOf(world, run))
  const wish = { properties: booking.wish?.wished ?? [] } as unknown as ModelSeat
  const had = stillThere(booking).map((at) => {
    const { seat = -1, half } = booking.passengers[at] ?? {}
    return seat < 0 || half !== undefined ? wish : before[seat]
  })
  const needs = had.map((seat) => seat !== undefined && isPlace(seat))
  const mayWish = (word: string) => word !== 'wheelchair' && word !== 'companion'
  const free = had.filter((_, i) => !needs[i])
  const wished = (free[0]?.properties ?? []).filter(
    (word) => mayWish(word) && free.every((seat) => seat?.properties.includes(word)),
  ) as SeatProperty[]
  const wheelchairPlaces = needs.filter(Boolean).length
  const choice = chooseSeats(
    ghost.world,
    ghost.run,
    fromStop,
    toStop,
    classCode,
    had.length,
    { required: [], wished, apart: false, wheelchairPlaces },
    (seat) => {
      const meets = (it: Ghost['claims'][number]) =>
        it.seat === seat && it.from < toStop && fromStop < it.to
      return ghost.claims.some(meets) ? 16_000 : 0
    },
  )
  if ('free' in choice) return undefined
  const places = choice.seats.slice(0, wheelchairPlaces)
  let left = choice.seats.slice(wheelchairPlaces)
  return had.map((seat, i) => {
    if (needs[i]) return places.shift() ?? -1
    const lacks = (number: number) =>
      (seat?.properties ?? []).filter(
        (word) => mayWish(word) && !seatsOf(train)[number]?.properties.includes(word),
      ).length
    const least = Math.min(...left.map(lacks))
    const best = left.find((number) => lacks(number) === least) ?? -1
    left = left.filter((number) => number !== best)
    return best
  })
}

/** By the fares that it was sold under: the dearest class first. */
function others(
  world: World,
  train: ModelTrain,
  booking: ModelBooking,
): { classCode: string; backs: number[]; total: number }[] {
  const there = stillThere(booking)
  const rule = booking.fareRule
  const codes = [...new Set(train.coaches.map((coach) => coach.classCode))]
  const given = (at: number) =>
    world.changes
      .filter((it) => it.bookingId === booking.id)
      .reduce((sum, it) => sum + (it.backs[at] ?? 0), 0)
  const known = codes.flatMap((classCode) => {
    if (classCode === booking.classCode || rule === undefined) return []
    const asThen = { ...world, now: rule.validFromMs, fareRules: [rule] }
    const { fromStop, toStop, product } = booking
    const prices = booking.passengers.map(({ type }) => {
      const lines = linesOf(asThen, train, fromStop, toStop, classCode, type, product?.of)
      return lines.length === 0
        ? undefined
        : lines.reduce((sum, line) => sum + line.netMinor + line.taxMinor, 0)
    })
    if (prices.includes(undefined)) return []
    const backs = booking.passengers.map(({ price }, at) =>
      there.includes(at) ? Math.max(0, price - (prices[at] ?? 0) - given(at)) : 0,
    )
    const total = there.reduce((sum, at) => sum + (prices[at] ?? 0), 0)
    return [{ classCode, backs, total }]
  })
  return known.sort((a, b) => b.total - a.total)
}

function moveAll(
  world: World,
  run: ModelRun,
  reseating: ModelReseating,
  disruption: ModelDisruption,
): void {
  const { train } = reseating
  const before = trainOf(world, run)
  reseating.parties.sort((a, b) => a.bookingId - b.bookingId)
  const bookingFor = (it: ModelParty) => world.bookings.find((b) => b.id === it.bookingId)
  for (const party of reseating.parties) {
    const booking = bookingFor(party)
    if (booking === undefined) continue
    expireWhenDue(world, booking)
    if (party.status === 'seated' || booking.runId !== run.id) continue
    if (booking.status === 'confirmed') loseTrain(world, booking, disruption, 'seatsLost')
    else if (isLive(booking)) for (const leg of legsOf(world, booking)) leg.status = 'released'
  }
  reseating.parties = reseating.parties.filter((party) => {
    const booking = bookingFor(party)
    if (booking === undefined || booking.runId !== run.id || !isLive(booking)) return false
    return moveOne(world, booking, party, before, train, disruption)
  })
  const kept = offSale(world, run, train)
  moveBlocks(world, run, train)
  if (reseating.blocked.some((seat) => kept.includes(seat))) throw new Error('blocked twice')
  addBlock(world, run, reseating.blocked, false)
  run.own = { train, changedAt: world.now }
  dropTightQuotas(world, run)
  expectNext(world, run.id)
  reseating.moved = true
}

/** Whether the passengers sit elsewhere. */
function moveOne(
  world: World,
  booking: ModelBooking,
  party: ModelParty,
  before: ModelTrain,
  train: ModelTrain,
  disruption: ModelDisruption,
): boolean {
  const there = stillThere(booking)
  const seats = booking.passengers.map((_, at) =>
    there.includes(at) ? (party.seats[at] ?? -1) : -2,
  )
  const inOther = party.classCode !== booking.classCode
  const olds = booking.passengers.map((p) => seatsOf(before)[p.seat])
  const news = seats.map((seat) => seatsOf(train)[seat])
  const moved = there.filter((at) => {
    const [old, now] = [olds[at], news[at]]
    return inOther || now === undefined || !isSamePlace(now, old)
  })
  if (moved.length === 0 && booking.passengers.every((p, at) => p.seat === seats[at])) return false
  world.changes.push({
    ...changeOf(world, booking, 'seatsChanged', disruption.reason),
    lost: seats.map((_, at) =>
      there.includes(at)
        ? ((olds[at]?.properties ?? []).filter(
            (word) => !news[at]?.properties.includes(word),
          ) as SeatProperty[])
        : [],
    ),
    backs: party.backs,
  })
  booking.passengers.forEach((passenger, at) => {
    passenger.seat = seats[at] ?? -1
    if (!party.halves || !there.includes(at)) passenger.half = undefined
  })
  booking.wish = undefined
  if (inOther) {
    booking.pool = ''
    if (booking.product !== undefined) booking.product = { ...booking.product, counts: false }
    booking.offer = undefined
    booking.classCode = party.classCode
  }
  for (const ticket of world.tickets) {
    const isTheirs = ticket.bookingId === booking.id && moved.includes(ticket.position)
    if (isTheirs && ticket.voidedAt === 0) ticket.voidedAt = world.now
  }
  if (moved.length > 0) disruption.moved++
  return moved.length > 0
}

/** Seats of the new formation that are off sale by what is off sale now. */
function offSale(world: World, run: ModelRun, train: ModelTrain): number[] {
  return world.blocks
    .filter((block) => isOfRun(block, run))
    .flatMap((block) => sameSeats(world, run, train, block.seats))
}

function sameSeats(
  world: World,
  run: ModelRun,
  train: ModelTrain,
  seats: readonly number[],
): number[] {
  const before = seatsOf(trainOf(world, run))
  return seats.flatMap((old) => {
    const same = seatsOf(train).find((seat) => isSamePlace(seat, before[old]))
    return same === undefined ? [] : [same.seat]
  })
}

function moveBlocks(world: World, run: ModelRun, train: ModelTrain): void {
  for (const block of world.blocks.filter((it) => isOfRun(it, run))) {
    const seats = sameSeats(world, run, train, block.seats)
    if (block.runId === 0) addBlock(world, run, seats, block.shared)
    else if (seats.length > 0) {
      world.blocks = world.blocks.map((it) => (it === block ? { ...block, seats } : it))
    } else world.blocks = world.blocks.filter((it) => it !== block)
  }
}

function addBlock(world: World, run: ModelRun, seats: readonly number[], shared: boolean): void {
  if (seats.length === 0) return
  world.given.blocks++
  const { serviceDate } = run
  world.blocks.push({
    id: world.given.blocks,
    trainId: run.trainId,
    runId: run.id,
    fromDate: serviceDate,
    toDate: serviceDate,
    seats,
    shared,
  })
}

function tellThem(world: World, disruption: ModelDisruption, reseating: ModelReseating): void {
  const { runId } = disruption
  for (const party of reseating.parties.splice(0, 50)) {
    const booking = world.bookings.find((b) => b.id === party.bookingId)
    if (booking === undefined) continue
    const refundMinor = payBack(world, booking, party.backs)
    tell(world, booking.accountId, booking.id, 'reseated', { runId, refundMinor })
  }
  if (reseating.parties.length > 0) return
  world.reseatings = world.reseatings.filter((it) => it !== reseating)
  disruption.phase = 'choosing'
}

function isPlaceAt(seats: readonly ModelSeat[], number: number | undefined): boolean {
  const seat = seats[number ?? -1]
  return seat !== undefined && isPlace(seat)
}
