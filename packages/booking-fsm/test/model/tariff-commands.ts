import type {
  Entry,
  FareLineView,
  FareProduct,
  FixedFares,
  Reply,
  SetTariff,
} from '../../src/index.ts'
import { needStaff } from './caller.ts'
import { refuse } from './refuse.ts'
import { halfUp } from './rule-commands.ts'
import {
  checkBoolean,
  checkInt,
  checkLength,
  checkPattern,
  checkText,
  classPattern,
  maxInstant,
} from './shapes.ts'
import type { ModelTrain, World } from './world.ts'

export function setTariff(world: World, entry: Entry, command: SetTariff): Reply {
  checkInt(command.validFromMs, 0, maxInstant, 'validFromMs')
  checkInt(command.roundToMinor, 1, 1_000_000, 'roundToMinor')
  checkPattern(command.rounding, /^(halfUp|up|down)$/, 'rounding')
  checkLength(command.classes, 1, 32, 'classes')
  command.classes.forEach((of, i) => {
    checkPattern(of.classCode, classPattern, `classes[${i}].classCode`)
    checkInt(of.baseMinor, 0, 1e9, `classes[${i}].baseMinor`)
    checkInt(of.perThousandKilometresMinor, 0, 1e8, `classes[${i}].perThousandKilometresMinor`)
    checkInt(of.minimumMetres, 0, 40_000_000, `classes[${i}].minimumMetres`)
    checkInt(of.taxBasisPoints, 0, 10_000, `classes[${i}].taxBasisPoints`)
    once(
      command.classes.map((c) => c.classCode),
      i,
      `classes[${i}].classCode`,
    )
  })
  checkLength(command.passengerTypes, 0, 16, 'passengerTypes')
  command.passengerTypes.forEach((type, i) => {
    checkPattern(type.code, classPattern, `passengerTypes[${i}].code`)
    checkInt(type.fareBasisPoints, 0, 10_000, `passengerTypes[${i}].fareBasisPoints`)
    checkInt(type.perFullFare, 0, 6, `passengerTypes[${i}].perFullFare`)
    once(
      command.passengerTypes.map((t) => t.code),
      i,
      `passengerTypes[${i}].code`,
    )
  })
  checkLength(command.supplements, 0, 16, 'supplements')
  command.supplements.forEach((of, i) => {
    const field = `supplements[${i}]`
    checkPattern(of.code, classPattern, `${field}.code`)
    if (of.code === 'fare') refuse('invalidField', { field: `${field}.code` })
    checkText(of.trainPrefix, 0, 32, `${field}.trainPrefix`)
    if (of.classCode !== '') checkPattern(of.classCode, classPattern, `${field}.classCode`)
    checkInt(of.amountMinor, 0, 1e9, `${field}.amountMinor`)
    checkInt(of.taxBasisPoints, 0, 10_000, `${field}.taxBasisPoints`)
    checkBoolean(of.reduced, `${field}.reduced`)
    once(
      command.supplements.map((s) => s.code),
      i,
      `${field}.code`,
    )
  })
  const { fixedFares: fixed } = command
  if (fixed !== undefined) checkFixed(fixed, 'fixedFares')
  needStaff(world, entry)
  const { validFromMs, ...tariff } = command
  world.fareRules.push({ validFromMs, classes: [], tariff })
  return { type: 'done' }
}

export function checkFixed(fixed: FixedFares, name: string): void {
  if (typeof fixed !== 'object' || fixed === null) refuse('invalidField', { field: name })
  const list = <T>(of: readonly T[], field: string, check: (one: T, at: string) => void) => {
    checkLength(of, 0, 1_000, field)
    of.forEach((one, i) => {
      const at = `${field}[${i}]`
      if (typeof one !== 'object' || one === null) refuse('invalidField', { field: at })
      check(one, at)
    })
  }
  const rest = (of: { classCode: string; amountMinor: number }, at: string) => {
    checkPattern(of.classCode, classPattern, `${at}.classCode`)
    checkInt(of.amountMinor, 0, 1e9, `${at}.amountMinor`)
  }
  list(fixed.pairs, `${name}.pairs`, (of, at) => {
    checkText(of.fromCode, 1, 64, `${at}.fromCode`)
    checkText(of.toCode, 1, 64, `${at}.toCode`)
    rest(of, at)
  })
  list(fixed.zones, `${name}.zones`, (of, at) => {
    checkText(of.fromZone, 1, 16, `${at}.fromZone`)
    checkText(of.toZone, 1, 16, `${at}.toZone`)
    rest(of, at)
  })
}

/** What the class costs between the two stops whatever their distance; undefined: that is by distance. */
export function fixedPrice(
  world: World,
  fixedFares: FixedFares | undefined,
  codes: readonly string[],
  classCode: string,
): number | undefined {
  const are = (a: string, b: string, both: readonly string[]) =>
    (a === both[0] && b === both[1]) || (a === both[1] && b === both[0])
  const pair = fixedFares?.pairs.find(
    (of) => of.classCode === classCode && are(of.fromCode, of.toCode, codes),
  )
  if (pair !== undefined) return pair.amountMinor
  const zones = codes.map(
    (code) =>
      world.stations.find((s) => s.importId === 0 && s.input.code === code)?.input.zone ?? '',
  )
  if (zones.includes('')) return undefined
  return fixedFares?.zones.find(
    (of) => of.classCode === classCode && are(of.fromZone, of.toZone, zones),
  )?.amountMinor
}

/** What becomes of the full fare, before concessions. */
export function reducedFare(
  world: World,
  product: FareProduct | undefined,
  codes: readonly string[],
  classCode: string,
  full: number,
): number {
  if (product === undefined) return full
  const fixed = fixedPrice(world, product.fixedFares, codes, classCode)
  return fixed ?? halfUp(BigInt(full) * BigInt(product.fareBasisPoints), 10_000n)
}

function once(names: readonly string[], at: number, field: string): void {
  if (names.indexOf(names[at] ?? '') < at) refuse('invalidField', { field })
}

/** Types that are not sold, or too many of them for those who pay in full. */
export function checkTypes(
  tariff: Omit<SetTariff, 'validFromMs'> | undefined,
  types: readonly string[],
): void {
  types.forEach((type, i) => {
    if (type === '') return
    const field = `passengers[${i}].passengerType`
    const sold = tariff?.passengerTypes.find((t) => t.code === type)
    if (sold === undefined) refuse('passengerTypeNotFound', { field })
    const before = types.slice(0, i + 1).filter((t) => t === type).length
    const full = types.filter((t) => t === '').length
    if (sold.perFullFare !== 0 && before > sold.perFullFare * full) {
      refuse('concessionLimit', { field })
    }
  })
}

/** The lines of one passenger; none when the class has no fare. */
export function tariffLines(
  world: World,
  tariff: Omit<SetTariff, 'validFromMs'>,
  train: ModelTrain,
  from: number,
  to: number,
  classCode: string,
  type: string,
  product?: FareProduct,
): FareLineView[] {
  const of = tariff.classes.find((c) => c.classCode === classCode)
  if (of === undefined) return []
  const way = (train.stops[to]?.distanceMetres ?? 0) - (train.stops[from]?.distanceMetres ?? 0)
  const metres = Math.max(way, of.minimumMetres)
  const codes = [from, to].map((at) => train.stops[at]?.stationCode ?? '')
  const full =
    fixedPrice(world, tariff.fixedFares, codes, classCode) ??
    of.baseMinor + halfUp(BigInt(metres) * BigInt(of.perThousandKilometresMinor), 1_000_000n)
  const concession = tariff.passengerTypes.find((t) => t.code === type)
  const less = (amount: number) =>
    concession === undefined
      ? amount
      : halfUp(BigInt(amount) * BigInt(concession.fareBasisPoints), 10_000n)
  const line = (code: string, amount: number, tax: number) => {
    const netMinor = roundedTo(amount, tariff.roundToMinor, tariff.rounding)
    return { code, netMinor, taxMinor: halfUp(BigInt(netMinor) * BigInt(tax), 10_000n) }
  }
  const supplements = tariff.supplements
    .filter((s) => ['', classCode].includes(s.classCode))
    .filter((s) => train.number.slice(0, s.trainPrefix.length) === s.trainPrefix)
    .map((s) => line(s.code, s.reduced ? less(s.amountMinor) : s.amountMinor, s.taxBasisPoints))
  const asked = reducedFare(world, product, codes, classCode, full)
  return [line('fare', less(asked), of.taxBasisPoints), ...supplements]
}

/** By looking at the multiples below and above. */
export function roundedTo(amount: number, unit: number, rounding: string): number {
  const below = Math.floor(amount / unit) * unit
  const over = amount - below
  if (over === 0 || rounding === 'down') return below
  return rounding === 'up' || over * 2 >= unit ? below + unit : below
}
