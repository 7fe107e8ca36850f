import type {
  ChangePassword,
  DeleteAccount,
  Entry,
  ForgetPassenger,
  GrantPasswordReset,
  Reply,
  RequestPasswordReset,
  ResetPassword,
  SavePassenger,
  SetAccountOpen,
  SetRole,
} from '../../src/index.ts'
import { needCluster, roleOf } from './caller.ts'
import { tell } from './notice-commands.ts'
import { owed } from './owed.ts'
import { refuse } from './refuse.ts'
import {
  checkBoolean,
  checkId,
  checkInt,
  checkPattern,
  checkText,
  classPattern,
  hash64,
  isRealDate,
  maxSafe,
} from './shapes.ts'
import { byAndBy } from './waiting-offers.ts'
import {
  everyBooking,
  type ModelAccount,
  type ModelBooking,
  payerOf,
  runOf,
  trainOf,
  type World,
} from './world.ts'

export function setRole(world: World, entry: Entry, { accountId, role }: SetRole): Reply {
  checkId(accountId, 'accountId')
  if (!['passenger', 'agent', 'staff', 'operator'].includes(role))
    refuse('invalidField', { field: 'role' })
  needOperator(world, entry)
  const account = openAccount(world, accountId)
  if (role !== 'operator') needAnotherOperator(world, account)
  account.role = role
  const waits = world.bookings.filter((b) => b.status === 'waiting' && b.accountId === accountId)
  const pooled = waits.flatMap((b) => b.waiting?.options ?? []).filter(({ pool }) => pool !== '')
  byAndBy(
    world,
    pooled.map(({ runId }) => runId),
  )
  return { type: 'done' }
}

export function setAccountOpen(world: World, entry: Entry, command: SetAccountOpen): Reply {
  checkId(command.accountId, 'accountId')
  checkBoolean(command.open, 'open')
  needOperator(world, entry)
  const account = accountOf(world, command.accountId)
  if (account.erased) refuse('accountClosed')
  if (!command.open) needAnotherOperator(world, account)
  account.closed = !command.open
  if (account.closed) endSessions(world, account, '')
  return { type: 'done' }
}

export function changePassword(world: World, entry: Entry, command: ChangePassword): Reply {
  checkText(command.passwordHash, 1, 512, 'passwordHash')
  if (command.keepTokenHash !== '') checkPattern(command.keepTokenHash, hash64, 'keepTokenHash')
  const account = world.accounts.find((a) => a.id === entry.actor)
  if (account === undefined || account.role === 'guest') refuse('notAllowed')
  setPassword(world, account, command.passwordHash, command.keepTokenHash)
  return { type: 'done' }
}

export function requestPasswordReset(world: World, command: RequestPasswordReset): Reply {
  checkId(command.accountId, 'accountId')
  const account = openAccount(world, command.accountId)
  tell(world, account.id, 0, 'passwordReset')
  return { type: 'done' }
}

export function grantPasswordReset(world: World, entry: Entry, command: GrantPasswordReset): Reply {
  checkId(command.accountId, 'accountId')
  checkPattern(command.tokenHash, hash64, 'tokenHash')
  checkInt(command.ttlMs, 1, 604_800_000, 'ttlMs')
  needCluster(entry)
  const account = openAccount(world, command.accountId)
  account.reset = { tokenHash: command.tokenHash, expiresAt: world.now + command.ttlMs }
  return { type: 'done' }
}

export function resetPassword(world: World, command: ResetPassword): Reply {
  checkId(command.accountId, 'accountId')
  checkPattern(command.tokenHash, hash64, 'tokenHash')
  checkText(command.passwordHash, 1, 512, 'passwordHash')
  const account = world.accounts.find((a) => a.id === command.accountId && !a.closed)
  const reset = account?.reset
  if (account === undefined || reset === undefined) refuse('resetNotFound')
  if (reset.tokenHash !== command.tokenHash || reset.expiresAt <= world.now) refuse('resetNotFound')
  account.reset = undefined
  setPassword(world, account, command.passwordHash, '')
  return { type: 'done' }
}

export function deleteAccount(world: World, entry: Entry, { accountId }: DeleteAccount): Reply {
  checkId(accountId, 'accountId')
  if (entry.actor !== accountId) needOperator(world, entry)
  const account = accountOf(world, accountId)
  if (account.erased) refuse('accountClosed')
  needAnotherOperator(world, account)
  if (world.tills.some((till) => till.open && till.accountId === accountId)) refuse('tillOpen')
  const mine = everyBooking(world)
    .filter((b) => b.accountId === accountId)
    .sort((a, b) => a.id - b.id)
  if (mine.length > 1_000) refuse('tooMany', { figure: 1_000 })
  const waits = mine.find((booking) => !isOver(world, booking))
  if (waits !== undefined) refuse('bookingNotOver', { figure: waits.id })
  endAs(world, account)
  return { type: 'done' }
}

/** Nobody any more. */
export function endAs(world: World, account: ModelAccount): void {
  const accountId = account.id
  const mine = everyBooking(world)
    .filter((b) => b.accountId === accountId)
    .sort((a, b) => a.id - b.id)
  account.email = `erased-${accountId}@erased.invalid`
  account.displayName = 'Erased'
  account.passwordHash = 'erased'
  account.role = 'passenger'
  account.erased = true
  account.closed = true
  account.reset = undefined
  account.factor = undefined
  account.guest = undefined
  for (const company of world.companies) {
    company.members = company.members.filter((it) => it.accountId !== accountId)
  }
  account.saved = []
  for (const draw of world.draws) {
    draw.entries = draw.entries.map((it) => {
      const passengers = it.passengers.map((passenger) => ({ ...passenger, name: '*' }))
      return it.accountId === accountId ? { ...it, passengers } : it
    })
  }
  world.overrides = world.overrides.map((it) =>
    mine.some((b) => b.id === it.bookingId) ? { ...it, note: '*' } : it,
  )
  account.toErase = mine.map((b) => b.id)
  endSessions(world, account, '')
  for (const notice of world.notices) if (notice.accountId === accountId) notice.gone = true
  world.muted = world.muted.filter((it) => it.accountId !== accountId)
}

export function savePassenger(world: World, entry: Entry, command: SavePassenger): Reply {
  const { type: _, ...said } = command
  checkInt(said.passengerId, 0, maxSafe, 'passengerId')
  checkText(said.name, 1, 512, 'name')
  if (said.passengerType !== '') checkPattern(said.passengerType, classPattern, 'passengerType')
  if (said.birthDate !== 0 && !isRealDate(said.birthDate)) {
    refuse('invalidField', { field: 'birthDate' })
  }
  checkText(said.document, 0, 64, 'document')
  const account = world.accounts.find((a) => a.id === entry.actor)
  if (account === undefined) refuse('notAllowed')
  const isKnown = account.saved.some((p) => p.passengerId === said.passengerId)
  if (!isKnown && said.passengerId !== 0) refuse('passengerNotFound')
  if (!isKnown && account.saved.length >= 20) refuse('tooMany', { figure: 20 })
  const passengerId = isKnown
    ? said.passengerId
    : Math.max(0, ...account.saved.map((p) => p.passengerId)) + 1
  const others = account.saved.filter((p) => p.passengerId !== passengerId)
  account.saved = [...others, { ...said, passengerId }].sort(
    (a, b) => a.passengerId - b.passengerId,
  )
  return { type: 'passengerSaved', passengerId }
}

export function forgetPassenger(world: World, entry: Entry, command: ForgetPassenger): Reply {
  checkId(command.passengerId, 'passengerId')
  const account = world.accounts.find((a) => a.id === entry.actor)
  const found = account?.saved.find((p) => p.passengerId === command.passengerId)
  if (account === undefined || found === undefined) refuse('passengerNotFound')
  account.saved = account.saved.filter((p) => p !== found)
  return { type: 'done' }
}

/** A hundred bookings with each entry, by account and booking. */
export function eraseNames(world: World): void {
  const all = world.accounts.flatMap((account) => account.toErase.map((id) => ({ account, id })))
  for (const { account, id } of all.slice(0, 100)) {
    account.toErase = account.toErase.filter((other) => other !== id)
    world.customers = world.customers.filter((it) => it.bookingId !== id)
    for (const b of everyBooking(world).filter((it) => it.id === id)) {
      for (const passenger of b.passengers) {
        passenger.name = '*'
        passenger.said = { birthDate: 0, document: '', contact: '' }
      }
    }
  }
}

export function isOver(world: World, booking: ModelBooking): boolean {
  if (['held', 'paying', 'waiting'].includes(booking.status)) return false
  const archived = world.archived.includes(booking)
  if (archived && owed(world, booking) > 0) return false
  if (!archived && booking.status === 'confirmed' && arrivalOf(world, booking) > world.now)
    return false
  const payments = world.payments.filter((p) => p.bookingId === payerOf(booking))
  return !world.effects.some((e) => !e.answered && payments.some((p) => p.id === e.paymentId))
}

function arrivalOf(world: World, booking: ModelBooking): number {
  const run = runOf(world, booking)
  return run.baseMs + (trainOf(world, run).stops[booking.toStop]?.arrivalSeconds ?? 0) * 1_000
}

function setPassword(world: World, account: ModelAccount, hash: string, keep: string): void {
  account.passwordHash = hash
  endSessions(world, account, keep)
  tell(world, account.id, 0, 'passwordChanged')
}

function endSessions(world: World, account: ModelAccount, keep: string): void {
  world.sessions = world.sessions.filter((s) => s.accountId !== account.id || s.tokenHash === keep)
}

function needOperator(world: World, entry: Entry): void {
  if (!['operator', 'cluster'].includes(roleOf(world, entry))) refuse('notAllowed')
}

function needAnotherOperator(world: World, account: ModelAccount): void {
  const operators = world.accounts.filter((a) => a.role === 'operator' && !a.closed)
  if (operators.length === 1 && operators[0] === account) refuse('lastOperator')
}

function accountOf(world: World, id: number): ModelAccount {
  const account = world.accounts.find((a) => a.id === id)
  if (account === undefined) refuse('accountNotFound', { field: 'accountId' })
  return account
}

function openAccount(world: World, id: number): ModelAccount {
  const account = accountOf(world, id)
  if (account.role === 'guest') refuse('accountNotFound', { field: 'accountId' })
  if (account.closed) refuse('accountClosed')
  return account
}
