import type {
  CloseTill,
  Entry,
  NameCustomer,
  OpenTill,
  PayAtCounter,
  PayOut,
  Reply,
  SetAgentRule,
} from '../../src/index.ts'
import { earn } from './agent-terms.ts'
import { needHeld } from './booking-commands.ts'
import { needStaff, roleOf } from './caller.ts'
import { debit } from './ledger.ts'
import { tell } from './notice-commands.ts'
import { bookingToPay } from './own-booking.ts'
import { confirmLegs, moneyTaken } from './payment-commands.ts'
import { refundGone } from './refund-gone.ts'
import { refuse } from './refuse.ts'
import { checkId, checkInt, checkPattern, checkText, maxInstant, maxSafe } from './shapes.ts'
import { stillExchangeable } from './taking-place.ts'
import {
  bookingOf,
  departureAt,
  dueFor,
  isCancelled,
  legsOf,
  type ModelPayment,
  payerOf,
  runOf,
  type World,
} from './world.ts'

const mostCash = 1_000_000_000
const sellers = ['agent', 'staff', 'operator']

export interface ModelTill {
  tillId: number
  accountId: number
  cash: number
  open: boolean
}

export function setAgentRule(world: World, entry: Entry, command: SetAgentRule): Reply {
  checkInt(command.validFromMs, 0, maxInstant, 'validFromMs')
  checkInt(command.accountId, 0, maxSafe, 'accountId')
  checkInt(command.maxOpenHolds, 0, 1_000, 'maxOpenHolds')
  checkInt(command.commissionBasisPoints, 0, 5_000, 'commissionBasisPoints')
  needStaff(world, entry)
  const { accountId } = command
  if (accountId !== 0 && !world.accounts.some((a) => a.id === accountId)) {
    refuse('accountNotFound', { field: 'accountId' })
  }
  world.agentRules.push(command)
  return { type: 'done' }
}

export function nameCustomer(world: World, entry: Entry, command: NameCustomer): Reply {
  const { bookingId, displayName, email } = command
  checkId(bookingId, 'bookingId')
  checkText(displayName, 1, 200, 'displayName')
  if (email !== '') {
    checkText(email, 3, 254, 'email')
    checkPattern(email, /^[^@ A-Z]+@[^@ A-Z]+$/, 'email')
  }
  if (!sellers.includes(roleOf(world, entry))) refuse('notAllowed')
  const booking = world.bookings.find((b) => b.id === bookingId && b.accountId === entry.actor)
  if (booking === undefined) refuse('bookingNotFound')
  const lead = payerOf(booking)
  world.customers = world.customers.filter((it) => it.bookingId !== lead)
  world.customers.push({ bookingId: lead, displayName, email })
  return { type: 'done' }
}

export function openTill(world: World, entry: Entry, { floatMinor }: OpenTill): Reply {
  checkInt(floatMinor, 0, mostCash, 'floatMinor')
  if (!sellers.includes(roleOf(world, entry))) refuse('notAllowed')
  if (tillOf(world, entry) !== undefined) refuse('tillOpen')
  const tillId = world.tills.length + 1
  world.tills.push({ tillId, accountId: entry.actor, cash: floatMinor, open: true })
  debit(world, 'cashInTills', floatMinor)
  debit(world, 'cashInSafe', -floatMinor)
  return { type: 'tillOpened', tillId }
}

export function closeTill(world: World, entry: Entry, { countedMinor }: CloseTill): Reply {
  checkInt(countedMinor, 0, mostCash, 'countedMinor')
  const till = tillOf(world, entry)
  if (till === undefined) refuse('tillNotOpen')
  till.open = false
  debit(world, 'cashInSafe', countedMinor)
  debit(world, 'cashDifferences', till.cash - countedMinor)
  debit(world, 'cashInTills', -till.cash)
  const { tillId, cash: expectedMinor } = till
  return {
    type: 'tillClosed',
    tillId,
    expectedMinor,
    differenceMinor: countedMinor - expectedMinor,
  }
}

export function payAtCounter(world: World, entry: Entry, command: PayAtCounter): Reply {
  const { bookingId, means, amountMinor, reference } = command
  checkId(bookingId, 'bookingId')
  if (!['cash', 'terminal'].includes(means)) refuse('invalidField', { field: 'means' })
  checkInt(amountMinor, 0, maxSafe, 'amountMinor')
  if (means === 'cash') checkText(reference, 0, 0, 'reference')
  else checkText(reference, 1, 64, 'reference')
  if (!sellers.includes(roleOf(world, entry))) refuse('notAllowed')
  const till = tillOf(world, entry)
  if (till === undefined) refuse('tillNotOpen')
  const named = bookingToPay(world, entry, bookingId)
  needHeld(named)
  const legs = legsOf(world, named)
  if (legs.some((b) => isCancelled(world, runOf(world, b)))) refuse('runCancelled')
  const gone = legs.some((b) => departureAt(world, runOf(world, b), b.fromStop) <= world.now)
  if (gone) refuse('runDeparted')
  const booking = bookingOf(world, payerOf(named))
  if (!stillExchangeable(world, booking)) refuse('notExchangeable')
  const due = dueFor(world, booking)
  if (amountMinor !== due) refuse('priceChanged', { figure: due })
  if (due === 0) refuse('nothingToPay')
  const payment: ModelPayment = {
    id: world.payments.length + 1,
    bookingId: booking.id,
    token: '',
    amount: due,
    status: 'captured',
    reference: means === 'cash' ? `cash:${till.tillId}` : `terminal:${reference}`,
    refunded: 0,
    refundPending: false,
    reason: '',
  }
  world.payments.push(payment)
  confirmLegs(world, booking)
  moneyTaken(world, booking, due)
  debit(world, 'providerClearing', -due)
  debit(world, means === 'cash' ? 'cashInTills' : 'terminalClearing', due)
  earn(world, payment)
  if (means === 'cash') till.cash += due
  tell(world, booking.accountId, booking.id, 'bookingConfirmed')
  return { type: 'done' }
}

export function payOut(world: World, entry: Entry, { outboxId, reference }: PayOut): Reply {
  checkId(outboxId, 'outboxId')
  checkText(reference, 0, 64, 'reference')
  const role = roleOf(world, entry)
  if (!sellers.includes(role)) refuse('notAllowed')
  const till = tillOf(world, entry)
  if (till === undefined) refuse('tillNotOpen')
  const effect = world.effects.find((e) => e.id === outboxId && !e.answered)
  const payment = world.payments.find((p) => p.id === effect?.paymentId)
  if (effect === undefined || payment === undefined || payment.token !== '') {
    refuse('outboxNotFound')
  }
  const booking = bookingOf(world, payment.bookingId)
  if (role === 'agent' && booking.accountId !== entry.actor) refuse('outboxNotFound')
  const isCash = payment.reference.startsWith('cash')
  if (isCash && till.cash < effect.amount) refuse('tillTooLow', { figure: till.cash })
  effect.answered = true
  refundGone(world, payment, effect.amount)
  if (isCash) till.cash -= effect.amount
  return { type: 'done' }
}

function tillOf(world: World, entry: Entry): ModelTill | undefined {
  return world.tills.find((till) => till.open && till.accountId === entry.actor)
}
