/** What each passenger of a party pays by a tariff, line by line. */
import type { FixedFares, SetTariff } from './commands.ts'
import { divideHalfUp, roundTo } from './rounding.ts'
import type { FareLine, FareRule, PassengerFare, Run, Train } from './things.ts'

export type Tariff = Omit<SetTariff, 'type' | 'validFromMs'>

/** What a fare product makes of the full fare, before concessions. */
export interface Cut {
  /** In its place; undefined: the share. */
  readonly fixed: number | undefined
  readonly fareBasisPoints: number
}

export function cutFare(full: number, cut: Cut | undefined): number {
  if (cut === undefined) return full
  return cut.fixed ?? divideHalfUp(full * cut.fareBasisPoints, 10_000)
}

/** Why a party can not have its fares; `position` is that of the passenger at fault. */
export interface UnfitType {
  readonly code: 'passengerTypeNotFound' | 'concessionLimit'
  readonly position: number
}

/** Undefined when the tariff has no fare for the class. '' is the type of who pays the full fare. */
export function faresOf(
  rule: FareRule,
  run: Run,
  fromStop: number,
  toStop: number,
  classCode: string,
  types: readonly string[],
  cut?: Cut,
): PassengerFare[] | undefined {
  const { tariff, stations } = rule
  if (tariff === undefined) return undefined
  const fixed = fixedAmount(tariff.fixedFares, stations, run.train, fromStop, toStop, classCode)
  const lines = types.map((type) =>
    linesOf(tariff, run, fromStop, toStop, classCode, type, fixed, cut),
  )
  const fares: PassengerFare[] = []
  for (const [i, of] of lines.entries()) {
    if (of === undefined) return undefined
    fares.push({ passengerType: types[i] as string, lines: of })
  }
  return fares
}

/** The first passenger whose type is not sold, or not to so many beside those who pay in full. */
export function unfitType(
  tariff: Tariff | undefined,
  types: readonly string[],
): UnfitType | undefined {
  const sold = tariff?.passengerTypes ?? []
  const full = types.filter((type) => type === '').length
  const seen = new Map<string, number>()
  for (const [position, type] of types.entries()) {
    if (type === '') continue
    const rule = sold.find(({ code }) => code === type)
    if (rule === undefined) return { code: 'passengerTypeNotFound', position }
    const count = (seen.get(type) ?? 0) + 1
    seen.set(type, count)
    const most = rule.perFullFare * full
    if (rule.perFullFare > 0 && count > most) return { code: 'concessionLimit', position }
  }
  return undefined
}

export function fareTotal({ lines }: PassengerFare): number {
  return lines.reduce((sum, { netMinor, taxMinor }) => sum + netMinor + taxMinor, 0)
}

export function taxOf({ lines }: PassengerFare): number {
  return lines.reduce((sum, { taxMinor }) => sum + taxMinor, 0)
}

/** Between the two stations, or else between their zones; undefined: by distance. */
export function fixedAmount(
  fixed: FixedFares | undefined,
  stations: FareRule['stations'],
  train: Train,
  fromStop: number,
  toStop: number,
  classCode: string,
): number | undefined {
  if (fixed === undefined) return undefined
  const from = stations.get(train.stationIds[fromStop] as number)
  const to = stations.get(train.stationIds[toStop] as number)
  if (from === undefined || to === undefined) return undefined
  const { byPair, byZone } = indexOf(fixed)
  const ofPair = byPair.get(ends(classCode, from.code, to.code))
  const [fromZone, toZone] = [from.data.zone, to.data.zone]
  if (ofPair !== undefined || fromZone === '' || toZone === '') return ofPair
  return byZone.get(ends(classCode, fromZone, toZone))
}

interface FixedIndex {
  readonly byPair: ReadonlyMap<string, number>
  readonly byZone: ReadonlyMap<string, number>
}

/** Made when the first price is asked for; the fares of a rule never change. */
function indexOf(fixed: FixedFares): FixedIndex {
  const known = indexes.get(fixed)
  if (known !== undefined) return known
  const byPair = new Map<string, number>()
  const byZone = new Map<string, number>()
  // Backwards: of several the first one stays.
  for (const of of fixed.pairs.toReversed()) {
    byPair.set(ends(of.classCode, of.fromCode, of.toCode), of.amountMinor)
  }
  for (const of of fixed.zones.toReversed()) {
    byZone.set(ends(of.classCode, of.fromZone, of.toZone), of.amountMinor)
  }
  const index = { byPair, byZone }
  indexes.set(fixed, index)
  return index
}
const indexes = new WeakMap<FixedFares, FixedIndex>()

/** The same both ways. None of the texts has a line break. */
function ends(classCode: string, a: string, b: string): string {
  return a < b ? `${classCode}\n${a}\n${b}` : `${classCode}\n${b}\n${a}`
}

function linesOf(
  tariff: Tariff,
  run: Run,
  fromStop: number,
  toStop: number,
  classCode: string,
  type: string,
  fixed: number | undefined,
  cut: Cut | undefined,
): FareLine[] | undefined {
  const ofClass = tariff.classes.find((it) => it.classCode === classCode)
  const from = run.train.stops[fromStop]
  const to = run.train.stops[toStop]
  if (ofClass === undefined || from === undefined || to === undefined) return undefined
  const share = tariff.passengerTypes.find(({ code }) => code === type)?.fareBasisPoints ?? 10_000
  const reduced = (amount: number) => divideHalfUp(amount * share, 10_000)
  const line = (code: string, amount: number, taxBasisPoints: number): FareLine => {
    const netMinor = roundTo(amount, tariff.roundToMinor, tariff.rounding)
    return { code, netMinor, taxMinor: divideHalfUp(netMinor * taxBasisPoints, 10_000) }
  }
  const metres = Math.max(to.distanceMetres - from.distanceMetres, ofClass.minimumMetres)
  const byWay = divideHalfUp(metres * ofClass.perThousandKilometresMinor, 1_000_000)
  const full = cutFare(fixed ?? ofClass.baseMinor + byWay, cut)
  const lines = [line('fare', reduced(full), ofClass.taxBasisPoints)]
  for (const supplement of tariff.supplements) {
    const { code, amountMinor, taxBasisPoints, trainPrefix } = supplement
    const forClass = supplement.classCode === '' || supplement.classCode === classCode
    if (!forClass || !run.train.number.startsWith(trainPrefix)) continue
    lines.push(line(code, supplement.reduced ? reduced(amountMinor) : amountMinor, taxBasisPoints))
  }
  return lines
}
