/** How much may be held, how long and how early, as dated data. */
import { mustBeStaff } from '../actors.ts'
import { firstInvalid, isInstant, isInt } from '../checks.ts'
import type { SetSalesRule } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { insertRule } from '../fares.ts'
import type { Refusal, Reply } from '../replies.ts'
import type { SalesRule } from '../sales-rules.ts'
import { type Work, writeRow } from '../store.ts'
import { unhashed } from '../things.ts'

const DAY_MS = 86_400_000
/** Three years. */
const MAX_AHEAD_MS = 100_000_000_000

export function setSalesRule(work: Work, command: SetSalesRule): Reply {
  const refusal = checkRule(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { validFromMs, holdMs, extensionMs, maxOpenHolds, maxPassengers } = command
  const { opensBeforeMs, closesBeforeMs } = command
  const terms = {
    holdMs,
    extensionMs,
    maxOpenHolds,
    maxPassengers,
    opensBeforeMs,
    closesBeforeMs,
  }
  const ruleId = addToCounter(work, 'salesRules', 1)
  const rule: SalesRule = { ...unhashed, ruleId, validFromMs, terms }
  insertRule(work.state.salesRules, rule)
  writeRow(work, 'sales_rules', rule)
  return { type: 'done' }
}

function checkRule(command: SetSalesRule): Refusal | undefined {
  return firstInvalid([
    [isInstant(command.validFromMs), 'validFromMs'],
    [isInt(command.holdMs, 1_000, DAY_MS), 'holdMs'],
    [isInt(command.extensionMs, 0, DAY_MS), 'extensionMs'],
    [isInt(command.maxOpenHolds, 0, 1_000), 'maxOpenHolds'],
    [isInt(command.maxPassengers, 1, 6), 'maxPassengers'],
    [isInt(command.opensBeforeMs, 0, MAX_AHEAD_MS), 'opensBeforeMs'],
    [isInt(command.closesBeforeMs, 0, MAX_AHEAD_MS), 'closesBeforeMs'],
  ])
}
