import type {
  ApproveSecondFactorReset,
  AskSecondFactorReset,
  BeginSecondFactor,
  DisableSecondFactor,
  EnableSecondFactor,
  EndSessions,
  Entry,
  OpenSecuredSession,
  Proof,
  Reply,
  SetSecondFactorRule,
} from '../../src/index.ts'
import { checkSession, keepSession, mayOpenFor } from './account-commands.ts'
import { roleOf } from './caller.ts'
import { refuse } from './refuse.ts'
import {
  checkId,
  checkInt,
  checkLength,
  checkPattern,
  checkText,
  hash64,
  maxInstant,
  maxSafe,
} from './shapes.ts'
import type { ModelAccount, World } from './world.ts'

const day = 86_400_000

/** What an account may do although its role needs a second factor and it has none. */
const always = [
  'openSession',
  'closeSession',
  'changePassword',
  'beginSecondFactor',
  'enableSecondFactor',
  'resolveRequest',
]

export function needSecondFactor(world: World, entry: Entry): void {
  const account = world.accounts.find((it) => it.id === entry.actor)
  if (account === undefined || always.includes(entry.command.type)) return
  const past = world.secondFactorRules.filter((rule) => rule.validFrom <= world.now)
  const latest = Math.max(...past.map((rule) => rule.validFrom))
  const rule = past.findLast((it) => it.validFrom === latest)
  const isNeeded = rule?.roles.some((role) => role === account.role)
  if (isNeeded && !account.factor?.enabled) refuse('secondFactorRequired', { field: 'actor' })
}

export function setSecondFactorRule(
  world: World,
  entry: Entry,
  { validFromMs, roles }: SetSecondFactorRule,
): Reply {
  checkInt(validFromMs, 0, maxInstant, 'validFromMs')
  checkLength(roles, 0, 2, 'roles')
  for (const [i, role] of roles.entries()) {
    const again = roles.slice(0, i).includes(role)
    if (again || !['staff', 'operator'].includes(role)) {
      refuse('invalidField', { field: `roles[${i}]` })
    }
  }
  needOperator(world, entry)
  world.secondFactorRules.push({ validFrom: validFromMs, roles: [...roles] })
  return { type: 'done' }
}

export function beginSecondFactor(world: World, entry: Entry, command: BeginSecondFactor): Reply {
  checkText(command.sealedSecret, 1, 512, 'sealedSecret')
  const account = ownAccount(world, entry)
  guestsHaveNone(world, account)
  if (account.factor?.enabled) refuse('secondFactorOn')
  account.factor = {
    sealedSecret: command.sealedSecret,
    enabled: false,
    used: 0,
    recovery: [],
    askedBy: 0,
    askedAt: 0,
  }
  return { type: 'done' }
}

export function enableSecondFactor(world: World, entry: Entry, command: EnableSecondFactor): Reply {
  const { step, recoveryHashes, keepTokenHash } = command
  checkId(step, 'step')
  checkLength(recoveryHashes, 1, 16, 'recoveryHashes')
  for (const [i, hash] of recoveryHashes.entries()) {
    checkPattern(hash, hash64, `recoveryHashes[${i}]`)
    if (recoveryHashes.slice(0, i).includes(hash)) {
      refuse('invalidField', { field: `recoveryHashes[${i}]` })
    }
  }
  if (keepTokenHash !== '') checkPattern(keepTokenHash, hash64, 'keepTokenHash')
  const account = ownAccount(world, entry)
  guestsHaveNone(world, account)
  if (account.factor === undefined) refuse('secondFactorOff')
  if (account.factor.enabled) refuse('secondFactorOn')
  account.factor.enabled = true
  account.factor.used = step
  account.factor.recovery = [...recoveryHashes]
  dropSessions(world, account.id, keepTokenHash)
  return { type: 'done' }
}

export function disableSecondFactor(
  world: World,
  entry: Entry,
  command: DisableSecondFactor,
): Reply {
  checkProof(command)
  const { keepTokenHash } = command
  if (keepTokenHash !== '') checkPattern(keepTokenHash, hash64, 'keepTokenHash')
  const account = ownAccount(world, entry)
  prove(account, command)
  account.factor = undefined
  dropSessions(world, account.id, keepTokenHash)
  return { type: 'done' }
}

/** Step by step as `openSession`; the proof is used up when the session is open. */
export function openSecuredSession(world: World, entry: Entry, command: OpenSecuredSession): Reply {
  const { accountId, tokenHash } = command
  checkSession(command)
  checkProof(command)
  const account = mayOpenFor(world, entry, accountId)
  const before = account.factor && { ...account.factor }
  prove(account, command)
  if (world.sessions.some((s) => s.tokenHash === tokenHash && s.expiresAt > world.now)) {
    account.factor = before
    refuse('invalidField', { field: 'tokenHash' })
  }
  keepSession(world, command)
  return { type: 'done' }
}

export function askSecondFactorReset(
  world: World,
  entry: Entry,
  { accountId }: AskSecondFactorReset,
): Reply {
  const factor = factorOfAnother(world, entry, accountId)
  factor.askedBy = entry.actor
  factor.askedAt = world.now
  return { type: 'done' }
}

export function approveSecondFactorReset(
  world: World,
  entry: Entry,
  { accountId }: ApproveSecondFactorReset,
): Reply {
  const { askedBy, askedAt } = factorOfAnother(world, entry, accountId)
  if (askedBy === 0 || world.now - askedAt >= day) refuse('factorResetNotAsked')
  if (askedBy === entry.actor) refuse('secondPersonNeeded')
  for (const account of world.accounts) if (account.id === accountId) account.factor = undefined
  dropSessions(world, accountId, '')
  return { type: 'done' }
}

export function endAllSessions(world: World, entry: Entry, { accountId }: EndSessions): Reply {
  checkId(accountId, 'accountId')
  needOperator(world, entry)
  if (!world.accounts.some((it) => it.id === accountId)) {
    refuse('accountNotFound', { field: 'accountId' })
  }
  dropSessions(world, accountId, '')
  return { type: 'done' }
}

function factorOfAnother(world: World, entry: Entry, accountId: number) {
  checkId(accountId, 'accountId')
  const actor = world.accounts.find((it) => it.id === entry.actor)
  if (actor?.role !== 'operator' || actor.id === accountId) refuse('notAllowed')
  const account = world.accounts.find((it) => it.id === accountId)
  if (account === undefined) refuse('accountNotFound', { field: 'accountId' })
  if (!account.factor?.enabled) refuse('secondFactorOff')
  return account.factor
}

function checkProof({ step, recoveryHash }: Proof): void {
  checkInt(step, 0, maxSafe, 'step')
  if (step === 0) checkPattern(recoveryHash, hash64, 'recoveryHash')
  else if (recoveryHash !== '') refuse('invalidField', { field: 'recoveryHash' })
}

/** It counts, and is used up. */
function prove({ factor }: ModelAccount, { step, recoveryHash }: Proof): void {
  if (!factor?.enabled) refuse('secondFactorOff')
  if (step > 0) {
    if (step <= factor.used) refuse('codeUsed', { field: 'step' })
    factor.used = step
  } else {
    const left = factor.recovery.filter((hash) => hash !== recoveryHash)
    if (left.length === factor.recovery.length) {
      refuse('recoveryCodeNotFound', { field: 'recoveryHash' })
    }
    factor.recovery = left
  }
}

function ownAccount(world: World, entry: Entry): ModelAccount {
  const account = world.accounts.find((it) => it.id === entry.actor)
  if (account === undefined) refuse('notAllowed')
  return account
}

function needOperator(world: World, entry: Entry): void {
  if (!['operator', 'cluster'].includes(roleOf(world, entry))) refuse('notAllowed')
}

function dropSessions(world: World, accountId: number, keep: string): void {
  world.sessions = world.sessions.filter((s) => s.accountId !== accountId || s.tokenHash === keep)
}

function guestsHaveNone(world: World, { role }: ModelAccount): void {
  if (world.featureLevel > 2 && role === 'guest') refuse('guestNoSecondFactor', { field: 'actor' })
}
