/** What cancelling costs, as dated data. */
import { mustBeStaff } from '../actors.ts'
import { checkLength, firstInvalid, isClassCode, isInstant, isInt, isObject } from '../checks.ts'
import type {
  CancellationBand,
  CancellationLine,
  ExchangeCharges,
  SetCancellationRule,
} from '../commands.ts'
import { insertRule } from '../fares.ts'
import { invalid } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import { type RefundRule, unhashed } from '../things.ts'
import { MAX_BAND_MS, MAX_BASE } from './rules.ts'

export function setCancellationRule(work: Work, command: SetCancellationRule): Reply {
  const refusal = checkRule(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { meta, refundRules, refundRulesByTime } = work.state
  const { validFromMs, offerMs, roundToMinor, rounding, lines } = command
  const rule: RefundRule = {
    ...unhashed,
    ruleId: meta.nextRefundRuleId++,
    validFromMs,
    bands: [],
    charges: { offerMs, roundToMinor, rounding, lines: lines.map(copyOf) },
  }
  refundRules.set(rule.ruleId, rule)
  insertRule(refundRulesByTime, rule)
  writeRow(work, 'refund_rules', rule)
  return { type: 'done' }
}

/** Its own fields and no others. */
function copyOf(line: CancellationLine): CancellationLine {
  const { state, classCode, taxBasisPoints, bands, exchange } = line
  return {
    state,
    classCode,
    taxBasisPoints,
    bands: bands.map(copyOfBand),
    exchange: exchange && {
      bands: exchange.bands.map(copyOfBand),
      surplusBack: exchange.surplusBack,
    },
  }
}

function copyOfBand(band: CancellationBand): CancellationBand {
  const { untilBeforeDepartureMs, flatMinor, chargeBasisPoints } = band
  return { untilBeforeDepartureMs, flatMinor, chargeBasisPoints }
}

function checkRule(command: SetCancellationRule): Refusal | undefined {
  const { validFromMs, offerMs, roundToMinor, rounding, lines } = command
  const refusal =
    firstInvalid([
      [isInstant(validFromMs), 'validFromMs'],
      [isInt(offerMs, 1_000, 86_400_000), 'offerMs'],
      [isInt(roundToMinor, 1, 1_000_000), 'roundToMinor'],
      [['halfUp', 'up', 'down'].includes(rounding), 'rounding'],
    ]) ?? checkLength(lines, 1, 64, 'lines')
  if (refusal !== undefined) return refusal
  const seen = new Set<string>()
  for (const [i, line] of lines.entries()) {
    const wrong = checkLine(line, `lines[${i}]`)
    if (wrong !== undefined) return wrong
    const name = `${line.state} ${line.classCode}`
    if (seen.has(name)) return invalid(`lines[${i}].classCode`)
    seen.add(name)
  }
  return undefined
}

function checkLine(line: CancellationLine, field: string): Refusal | undefined {
  if (!isObject(line)) return invalid(field)
  const { state, classCode, taxBasisPoints, bands, exchange } = line
  return (
    firstInvalid([
      [['confirmed', 'rac', 'waiting'].includes(state), `${field}.state`],
      [classCode === '' || isClassCode(classCode), `${field}.classCode`],
      [isInt(taxBasisPoints, 0, 10_000), `${field}.taxBasisPoints`],
    ]) ??
    checkLength(bands, 0, 16, `${field}.bands`) ??
    checkBands(bands, `${field}.bands`) ??
    (exchange === undefined ? undefined : checkExchange(line, `${field}.exchange`))
  )
}

function checkExchange(line: CancellationLine, field: string): Refusal | undefined {
  const { state, exchange } = line
  // Who waits has nothing yet that another journey could take the place of.
  if (!isObject(exchange) || state !== 'confirmed') return invalid(field)
  const { bands, surplusBack } = exchange as unknown as ExchangeCharges
  return (
    checkLength(bands, 0, 16, `${field}.bands`) ??
    checkBands(bands, `${field}.bands`) ??
    firstInvalid([[typeof surplusBack === 'boolean', `${field}.surplusBack`]])
  )
}

function checkBands(bands: readonly CancellationBand[], field: string): Refusal | undefined {
  let most = MAX_BAND_MS
  for (const [i, band] of bands.entries()) {
    if (!isObject(band)) return invalid(`${field}[${i}]`)
    const { untilBeforeDepartureMs, flatMinor, chargeBasisPoints } = band
    const refusal = firstInvalid([
      [isInt(untilBeforeDepartureMs, 0, most), `${field}[${i}].untilBeforeDepartureMs`],
      [isInt(flatMinor, 0, MAX_BASE), `${field}[${i}].flatMinor`],
      [isInt(chargeBasisPoints, 0, 10_000), `${field}[${i}].chargeBasisPoints`],
    ])
    if (refusal !== undefined) return refusal
    most = untilBeforeDepartureMs - 1
  }
  return undefined
}
