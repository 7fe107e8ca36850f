/** A tariff: fares with a least distance, concessions, supplements and tax, as dated data. */
import { mustBeStaff } from '../actors.ts'
import {
  type Check,
  checkLength,
  firstInvalid,
  isClassCode,
  isInstant,
  isInt,
  isObject,
  isText,
} from '../checks.ts'
import type {
  FixedFares,
  PairFare,
  PassengerType,
  SetTariff,
  Supplement,
  TariffClass,
  ZoneFare,
} from '../commands.ts'
import { insertRule } from '../fares.ts'
import { invalid } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import { type FareRule, unhashed } from '../things.ts'
import { MAX_BASE, MAX_RATE } from './rules.ts'

export function setTariff(work: Work, command: SetTariff): Reply {
  const refusal = checkTariff(command) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const { meta, fareRules, fareRulesByTime } = work.state
  const { validFromMs, roundToMinor, rounding, classes, passengerTypes, supplements, fixedFares } =
    command
  const rule: FareRule = {
    ...unhashed,
    ruleId: meta.nextFareRuleId++,
    validFromMs,
    classes: [],
    tariff: {
      roundToMinor,
      rounding,
      classes: classes.map(copyOfClass),
      passengerTypes: passengerTypes.map(({ code, fareBasisPoints, perFullFare }) => ({
        code,
        fareBasisPoints,
        perFullFare,
      })),
      supplements: supplements.map(copyOfSupplement),
      fixedFares: fixedFares && copyOfFixed(fixedFares),
    },
    stations: work.state.stations,
  }
  fareRules.set(rule.ruleId, rule)
  insertRule(fareRulesByTime, rule)
  writeRow(work, 'fare_rules', rule)
  return { type: 'done' }
}

function copyOfClass(of: TariffClass): TariffClass {
  const { classCode, baseMinor, perThousandKilometresMinor, minimumMetres, taxBasisPoints } = of
  return { classCode, baseMinor, perThousandKilometresMinor, minimumMetres, taxBasisPoints }
}

function copyOfSupplement(of: Supplement): Supplement {
  const { code, trainPrefix, classCode, amountMinor, taxBasisPoints, reduced } = of
  return { code, trainPrefix, classCode, amountMinor, taxBasisPoints, reduced }
}

export function copyOfFixed({ pairs, zones }: FixedFares): FixedFares {
  return {
    pairs: pairs.map(({ fromCode, toCode, classCode, amountMinor }) => ({
      fromCode,
      toCode,
      classCode,
      amountMinor,
    })),
    zones: zones.map(({ fromZone, toZone, classCode, amountMinor }) => ({
      fromZone,
      toZone,
      classCode,
      amountMinor,
    })),
  }
}

function checkTariff(command: SetTariff): Refusal | undefined {
  const { validFromMs, roundToMinor, rounding, classes, passengerTypes, supplements } = command
  return (
    firstInvalid([
      [isInstant(validFromMs), 'validFromMs'],
      [isInt(roundToMinor, 1, 1_000_000), 'roundToMinor'],
      [['halfUp', 'up', 'down'].includes(rounding), 'rounding'],
    ]) ??
    checkEach(classes, 1, 32, 'classes', checkClass, 'classCode') ??
    checkEach(passengerTypes, 0, 16, 'passengerTypes', checkType, 'code') ??
    checkEach(supplements, 0, 16, 'supplements', checkSupplement, 'code') ??
    (command.fixedFares === undefined ? undefined : checkFixed(command.fixedFares))
  )
}

/** Each by itself, and none twice under its name. */
export function checkEach<T>(
  list: readonly T[],
  least: number,
  most: number,
  field: string,
  check: (item: T, field: string) => Refusal | undefined,
  name: keyof T & string,
): Refusal | undefined {
  const length = checkLength(list, least, most, field)
  if (length !== undefined) return length
  const seen = new Set<unknown>()
  for (const [i, item] of list.entries()) {
    const at = `${field}[${i}]`
    if (!isObject(item)) return invalid(at)
    const refusal = check(item as T, at)
    if (refusal !== undefined) return refusal
    if (seen.has(item[name])) return invalid(`${at}.${name}`)
    seen.add(item[name])
  }
  return undefined
}

export function checkFixed(fixed: FixedFares): Refusal | undefined {
  if (!isObject(fixed)) return invalid('fixedFares')
  const { pairs, zones } = fixed
  const pair = ({ fromCode, toCode }: PairFare, at: string): Check[] => [
    [isText(fromCode, 1, 64), `${at}.fromCode`],
    [isText(toCode, 1, 64), `${at}.toCode`],
  ]
  const zone = ({ fromZone, toZone }: ZoneFare, at: string): Check[] => [
    [isText(fromZone, 1, 16), `${at}.fromZone`],
    [isText(toZone, 1, 16), `${at}.toZone`],
  ]
  return checkEnds(pairs, 'fixedFares.pairs', pair) ?? checkEnds(zones, 'fixedFares.zones', zone)
}

function checkEnds<T extends PairFare | ZoneFare>(
  list: readonly T[],
  field: string,
  ends: (of: T, at: string) => Check[],
): Refusal | undefined {
  const length = checkLength(list, 0, 1_000, field)
  if (length !== undefined) return length
  for (const [i, of] of list.entries()) {
    const at = `${field}[${i}]`
    if (!isObject(of)) return invalid(at)
    const refusal = firstInvalid([
      ...ends(of as T, at),
      [isClassCode((of as T).classCode), `${at}.classCode`],
      [isInt((of as T).amountMinor, 0, MAX_BASE), `${at}.amountMinor`],
    ])
    if (refusal !== undefined) return refusal
  }
  return undefined
}

function checkClass(of: TariffClass, field: string): Refusal | undefined {
  return firstInvalid([
    [isClassCode(of.classCode), `${field}.classCode`],
    [isInt(of.baseMinor, 0, MAX_BASE), `${field}.baseMinor`],
    [isInt(of.perThousandKilometresMinor, 0, MAX_RATE), `${field}.perThousandKilometresMinor`],
    [isInt(of.minimumMetres, 0, 40_000_000), `${field}.minimumMetres`],
    [isInt(of.taxBasisPoints, 0, 10_000), `${field}.taxBasisPoints`],
  ])
}

function checkType(of: PassengerType, field: string): Refusal | undefined {
  return firstInvalid([
    [isClassCode(of.code), `${field}.code`],
    [isInt(of.fareBasisPoints, 0, 10_000), `${field}.fareBasisPoints`],
    [isInt(of.perFullFare, 0, 6), `${field}.perFullFare`],
  ])
}

function checkSupplement(of: Supplement, field: string): Refusal | undefined {
  return firstInvalid([
    // One line of a ticket is the fare itself.
    [isClassCode(of.code) && of.code !== 'fare', `${field}.code`],
    [isText(of.trainPrefix, 0, 32), `${field}.trainPrefix`],
    [of.classCode === '' || isClassCode(of.classCode), `${field}.classCode`],
    [isInt(of.amountMinor, 0, MAX_BASE), `${field}.amountMinor`],
    [isInt(of.taxBasisPoints, 0, 10_000), `${field}.taxBasisPoints`],
    [typeof of.reduced === 'boolean', `${field}.reduced`],
  ])
}
