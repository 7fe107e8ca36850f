import {
  type CancellationBand,
  type CancellationLine,
  type Entry,
  type FoundCluster,
  LATEST_FEATURE_LEVEL,
  type RaiseFeatureLevel,
  type Reply,
  type SetCancellationRule,
  type SetFareRule,
  type SetRefundRule,
} from '../../src/index.ts'
import { needCluster, needStaff } from './caller.ts'
import { refuse } from './refuse.ts'
import {
  checkBoolean,
  checkInt,
  checkLength,
  checkPattern,
  classPattern,
  maxInstant,
} from './shapes.ts'
import type { World } from './world.ts'

const done: Reply = { type: 'done' }

export function foundCluster(world: World, entry: Entry, command: FoundCluster): Reply {
  checkPattern(command.clusterId, /^[0-9a-f]{32}$/, 'clusterId')
  if (!Array.isArray(command.pnrKey) || command.pnrKey.length !== 4) {
    refuse('invalidField', { field: 'pnrKey' })
  }
  command.pnrKey.forEach((word, i) => {
    checkInt(word, 0, 2 ** 32 - 1, `pnrKey[${i}]`)
  })
  checkPattern(command.currency, /^[A-Z]{3}$/, 'currency')
  checkInt(command.holdMs, 1_000, 86_400_000, 'holdMs')
  checkInt(command.paymentWindowMs, 1_000, 86_400_000, 'paymentWindowMs')
  const { featureLevel = 1 } = command
  checkInt(featureLevel, 1, LATEST_FEATURE_LEVEL, 'featureLevel')
  needCluster(entry)
  if (world.cluster !== null) refuse('alreadyFounded')
  const { clusterId, currency, holdMs, paymentWindowMs } = command
  world.cluster = { clusterId, currency, holdMs, paymentWindowMs }
  world.featureLevel = featureLevel
  return done
}

export function raiseFeatureLevel(world: World, entry: Entry, command: RaiseFeatureLevel): Reply {
  checkInt(command.level, 1, LATEST_FEATURE_LEVEL, 'level')
  needCluster(entry)
  if (command.level <= world.featureLevel) refuse('featureActive', { figure: world.featureLevel })
  world.featureLevel = command.level
  return done
}

export function setFareRule(world: World, entry: Entry, command: SetFareRule): Reply {
  checkInt(command.validFromMs, 0, maxInstant, 'validFromMs')
  checkLength(command.classes, 1, 32, 'classes')
  command.classes.forEach((fare, i) => {
    checkPattern(fare.classCode, classPattern, `classes[${i}].classCode`)
    if (command.classes.slice(0, i).some((earlier) => earlier.classCode === fare.classCode)) {
      refuse('invalidField', { field: `classes[${i}].classCode` })
    }
    checkInt(fare.baseMinor, 0, 1e9, `classes[${i}].baseMinor`)
    checkInt(fare.perThousandKilometresMinor, 0, 1e8, `classes[${i}].perThousandKilometresMinor`)
  })
  needStaff(world, entry)
  world.fareRules.push({ validFromMs: command.validFromMs, classes: command.classes })
  return done
}

export function setRefundRule(world: World, entry: Entry, command: SetRefundRule): Reply {
  checkInt(command.validFromMs, 0, maxInstant, 'validFromMs')
  checkLength(command.bands, 0, 16, 'bands')
  command.bands.forEach((band, i) => {
    const field = `bands[${i}].untilBeforeDepartureMs`
    checkInt(band.untilBeforeDepartureMs, 0, 1e11, field)
    const before = command.bands[i - 1]
    if (before && before.untilBeforeDepartureMs <= band.untilBeforeDepartureMs) {
      refuse('invalidField', { field })
    }
    checkInt(band.refundBasisPoints, 0, 10_000, `bands[${i}].refundBasisPoints`)
  })
  needStaff(world, entry)
  world.refundRules.push({ validFromMs: command.validFromMs, bands: command.bands })
  return done
}

export function setCancellationRule(
  world: World,
  entry: Entry,
  command: SetCancellationRule,
): Reply {
  checkInt(command.validFromMs, 0, maxInstant, 'validFromMs')
  checkInt(command.offerMs, 1_000, 86_400_000, 'offerMs')
  checkInt(command.roundToMinor, 1, 1_000_000, 'roundToMinor')
  checkPattern(command.rounding, /^(halfUp|up|down)$/, 'rounding')
  checkLength(command.lines, 1, 64, 'lines')
  command.lines.forEach((line, i) => {
    checkPattern(line.state, /^(confirmed|rac|waiting)$/, `lines[${i}].state`)
    if (line.classCode !== '') checkPattern(line.classCode, classPattern, `lines[${i}].classCode`)
    checkInt(line.taxBasisPoints, 0, 10_000, `lines[${i}].taxBasisPoints`)
    checkLength(line.bands, 0, 16, `lines[${i}].bands`)
    checkBands(line.bands, `lines[${i}].bands`)
    if (line.exchange !== undefined) checkExchange(line, `lines[${i}].exchange`)
    const same = (other: typeof line) =>
      other.state === line.state && other.classCode === line.classCode
    if (command.lines.slice(0, i).some(same)) {
      refuse('invalidField', { field: `lines[${i}].classCode` })
    }
  })
  needStaff(world, entry)
  const { type: _, ...rule } = command
  world.refundRules.push(rule)
  return done
}

function checkExchange({ state, exchange }: CancellationLine, field: string): void {
  if (typeof exchange !== 'object' || exchange === null) refuse('invalidField', { field })
  if (state !== 'confirmed') refuse('invalidField', { field })
  checkLength(exchange.bands, 0, 16, `${field}.bands`)
  checkBands(exchange.bands, `${field}.bands`)
  checkBoolean(exchange.surplusBack, `${field}.surplusBack`)
}

function checkBands(bands: readonly CancellationBand[], of: string): void {
  bands.forEach((band, j) => {
    const field = `${of}[${j}]`
    if (typeof band !== 'object' || band === null) refuse('invalidField', { field })
    checkInt(band.untilBeforeDepartureMs, 0, 1e11, `${field}.untilBeforeDepartureMs`)
    const before = bands[j - 1]
    if (before && before.untilBeforeDepartureMs <= band.untilBeforeDepartureMs) {
      refuse('invalidField', { field: `${field}.untilBeforeDepartureMs` })
    }
    checkInt(band.flatMinor, 0, 1e9, `${field}.flatMinor`)
    checkInt(band.chargeBasisPoints, 0, 10_000, `${field}.chargeBasisPoints`)
  })
}

/** The rule with the latest `validFromMs` not after the instant; among equals the one set last. */
export function ruleInForce<T extends { validFromMs: number }>(
  rules: readonly T[],
  instant: number,
): T | undefined {
  let found: T | undefined
  for (const rule of rules) {
    if (rule.validFromMs > instant) continue
    if (found === undefined || rule.validFromMs >= found.validFromMs) found = rule
  }
  return found
}

/** n / d, halves up. */
export function halfUp(n: bigint, d: bigint): number {
  return Number((2n * n + d) / (2n * d))
}
