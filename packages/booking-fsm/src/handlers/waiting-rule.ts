import { mustBeStaff } from '../actors.ts'
import { firstInvalid, isInstant, isInt } from '../checks.ts'
import type { SetWaitingRule } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { insertRule } from '../fares.ts'
import type { Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import type { WaitingRule } from '../waiting/things.ts'

export function setWaitingRule(work: Work, command: SetWaitingRule): Reply {
  const { validFromMs, capBasisPoints, chartBeforeDepartureMs, promotedHoldMs } = command
  const refusal =
    firstInvalid([
      [isInstant(validFromMs), 'validFromMs'],
      [isInt(capBasisPoints, 0, 10_000), 'capBasisPoints'],
      [isInt(chartBeforeDepartureMs, 0, 100_000_000_000), 'chartBeforeDepartureMs'],
      [isInt(promotedHoldMs, 1_000, 86_400_000), 'promotedHoldMs'],
    ]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { waitingRules, waitingRulesByTime } = work.state
  const rule: WaitingRule = {
    hashLow: 0,
    hashHigh: 0,
    ruleId: addToCounter(work, 'waitingRules', 1),
    validFromMs,
    capBasisPoints,
    chartBeforeDepartureMs,
    promotedHoldMs,
  }
  waitingRules.set(rule.ruleId, rule)
  insertRule(waitingRulesByTime, rule)
  writeRow(work, 'waiting_rules', rule)
  return { type: 'done' }
}
