/** Second factors: on, off, used and given up; and the end of somebody's sessions. */
import { mustBeOperator } from '../actors.ts'
import {
  type Check,
  checkLength,
  firstInvalid,
  isId,
  isInstant,
  isInt,
  isText,
  isTokenHash,
} from '../checks.ts'
import type {
  ApproveSecondFactorReset,
  AskSecondFactorReset,
  BeginSecondFactor,
  DisableSecondFactor,
  EnableSecondFactor,
  EndSessions,
  OpenSecuredSession,
  Proof,
  SetSecondFactorRule,
} from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { insertRule } from '../fares.ts'
import {
  checkProof,
  comesByLink,
  enabledFactor,
  forgetSecondFactor,
  type SecondFactor,
  type SecondFactorRule,
  useProof,
} from '../people/second-factor.ts'
import { invalid, refuse } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { endSessions } from '../sessions.ts'
import { type Work, writeRow } from '../store.ts'
import { unhashed } from '../things.ts'
import { sessionChecks, startSession } from './accounts.ts'

const RECOVERY_CODES_AT_MOST = 16
/** What one operator has asked for, another one approves within a day. */
const RESET_MS = 86_400_000

export function setSecondFactorRule(work: Work, command: SetSecondFactorRule): Reply {
  const { validFromMs, roles } = command
  const refusal = checkRule(command) ?? mustBeOperator(work)
  if (refusal !== undefined) return refusal
  const ruleId = addToCounter(work, 'secondFactorRules', 1)
  const rule: SecondFactorRule = { ...unhashed, ruleId, validFromMs, roles: [...roles] }
  insertRule(work.state.secondFactorRules, rule)
  writeRow(work, 'second_factor_rules', rule)
  return { type: 'done' }
}

export function beginSecondFactor(work: Work, { sealedSecret }: BeginSecondFactor): Reply {
  const { state, actor } = work
  const refusal = firstInvalid([[isText(sealedSecret, 1, 512), 'sealedSecret']])
  if (refusal !== undefined) return refusal
  if (actor === 0) return refuse('notAllowed')
  if (comesByLink(state, actor)) return refuse('guestNoSecondFactor', { field: 'actor' })
  const before = state.secondFactors.get(actor)
  if (before !== undefined && before.enabledAtMs > 0) return refuse('secondFactorOn')
  const { hashLow, hashHigh } = before ?? unhashed
  const factor: SecondFactor = {
    hashLow,
    hashHigh,
    accountId: actor,
    sealedSecret,
    enabledAtMs: 0,
    lastStep: 0,
    recovery: [],
    resetAskedBy: 0,
    resetAskedAtMs: 0,
  }
  state.secondFactors.set(actor, factor)
  writeRow(work, 'second_factors', factor)
  return { type: 'done' }
}

export function enableSecondFactor(work: Work, command: EnableSecondFactor): Reply {
  const { state, actor } = work
  const refusal = checkEnabling(command)
  if (refusal !== undefined) return refusal
  if (actor === 0) return refuse('notAllowed')
  if (comesByLink(state, actor)) return refuse('guestNoSecondFactor', { field: 'actor' })
  const factor = state.secondFactors.get(actor)
  if (factor === undefined) return refuse('secondFactorOff')
  if (factor.enabledAtMs > 0) return refuse('secondFactorOn')
  // Of a log whose clock stands at 0 too.
  factor.enabledAtMs = Math.max(state.meta.nowMs, 1)
  factor.lastStep = command.step
  factor.recovery = [...command.recoveryHashes]
  writeRow(work, 'second_factors', factor)
  endSessions(work, actor, command.keepTokenHash)
  return { type: 'done' }
}

export function disableSecondFactor(work: Work, command: DisableSecondFactor): Reply {
  const { keepTokenHash } = command
  const refusal = firstInvalid([
    ...proofChecks(command),
    [keepTokenHash === '' || isTokenHash(keepTokenHash), 'keepTokenHash'],
  ])
  if (refusal !== undefined) return refusal
  if (work.actor === 0) return refuse('notAllowed')
  const factor = enabledFactor(work.state, work.actor)
  if (factor === undefined) return refuse('secondFactorOff')
  const wrong = checkProof(factor, command)
  if (wrong !== undefined) return wrong
  forgetSecondFactor(work, work.actor)
  endSessions(work, work.actor, keepTokenHash)
  return { type: 'done' }
}

export function openSecuredSession(work: Work, command: OpenSecuredSession): Reply {
  const refusal = firstInvalid([...sessionChecks(command), ...proofChecks(command)])
  if (refusal !== undefined) return refusal
  const factor = enabledFactor(work.state, command.accountId)
  const reply = startSession(work, command, () =>
    factor === undefined ? refuse('secondFactorOff') : checkProof(factor, command),
  )
  if (reply.type === 'done' && factor !== undefined) useProof(work, factor, command)
  return reply
}

export function askSecondFactorReset(work: Work, { accountId }: AskSecondFactorReset): Reply {
  const factor = factorOfAnother(work, accountId)
  if ('type' in factor) return factor
  factor.resetAskedBy = work.actor
  factor.resetAskedAtMs = work.state.meta.nowMs
  writeRow(work, 'second_factors', factor)
  return { type: 'done' }
}

export function approveSecondFactorReset(
  work: Work,
  { accountId }: ApproveSecondFactorReset,
): Reply {
  const factor = factorOfAnother(work, accountId)
  if ('type' in factor) return factor
  const { resetAskedBy, resetAskedAtMs } = factor
  if (resetAskedBy === 0 || work.state.meta.nowMs >= resetAskedAtMs + RESET_MS) {
    return refuse('factorResetNotAsked')
  }
  if (resetAskedBy === work.actor) return refuse('secondPersonNeeded')
  forgetSecondFactor(work, accountId)
  endSessions(work, accountId, '')
  return { type: 'done' }
}

export function endAllSessions(work: Work, { accountId }: EndSessions): Reply {
  const refusal = firstInvalid([[isId(accountId), 'accountId']]) ?? mustBeOperator(work)
  if (refusal !== undefined) return refusal
  if (!work.state.accounts.has(accountId)) return refuse('accountNotFound', { field: 'accountId' })
  endSessions(work, accountId, '')
  return { type: 'done' }
}

/** For operators who are people: two of them, and neither is the account's. */
function factorOfAnother(work: Work, accountId: number): SecondFactor | Refusal {
  const refusal = firstInvalid([[isId(accountId), 'accountId']])
  if (refusal !== undefined) return refusal
  const { accounts } = work.state
  if (accounts.get(work.actor)?.role !== 'operator' || work.actor === accountId) {
    return refuse('notAllowed')
  }
  if (!accounts.has(accountId)) return refuse('accountNotFound', { field: 'accountId' })
  return enabledFactor(work.state, accountId) ?? refuse('secondFactorOff')
}

function checkRule({ validFromMs, roles }: SetSecondFactorRule): Refusal | undefined {
  const refusal =
    firstInvalid([[isInstant(validFromMs), 'validFromMs']]) ?? checkLength(roles, 0, 2, 'roles')
  if (refusal !== undefined) return refusal
  const wrong = roles.findIndex(
    (role, i) => (role !== 'staff' && role !== 'operator') || roles.indexOf(role) < i,
  )
  return wrong < 0 ? undefined : invalid(`roles[${wrong}]`)
}

function checkEnabling(command: EnableSecondFactor): Refusal | undefined {
  const { step, recoveryHashes, keepTokenHash } = command
  const refusal =
    firstInvalid([[isId(step), 'step']]) ??
    checkLength(recoveryHashes, 1, RECOVERY_CODES_AT_MOST, 'recoveryHashes')
  if (refusal !== undefined) return refusal
  const wrong = recoveryHashes.findIndex(
    (hash, i) => !isTokenHash(hash) || recoveryHashes.indexOf(hash) < i,
  )
  if (wrong >= 0) return invalid(`recoveryHashes[${wrong}]`)
  return firstInvalid([[keepTokenHash === '' || isTokenHash(keepTokenHash), 'keepTokenHash']])
}

/** One of the two. */
const proofChecks = ({ step, recoveryHash }: Proof): readonly Check[] => [
  [isInt(step, 0, Number.MAX_SAFE_INTEGER), 'step'],
  [step > 0 ? recoveryHash === '' : isTokenHash(recoveryHash), 'recoveryHash'],
]
