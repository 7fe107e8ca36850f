/** What each passenger of a party pays by a tariff, line by line. */
import type { SetTariff } from './commands.ts'
import { divideHalfUp, roundTo } from './rounding.ts'
import type { FareLine, PassengerFare, Run } from './things.ts'

export type Tariff = Omit<SetTariff, 'type' | 'validFromMs'>

/** Why a party can not have its fares; `position` is that of the passenger at fault. */
export interface UnfitType {
  readonly code: 'passengerTypeNotFound' | 'concessionLimit'
  readonly position: number
}

/** Undefined when the tariff has no fare for the class. '' is the type of who pays the full fare. */
export function faresOf(
  tariff: Tariff,
  run: Run,
  fromStop: number,
  toStop: number,
  classCode: string,
  types: readonly string[],
): PassengerFare[] | undefined {
  const lines = types.map((type) => linesOf(tariff, run, fromStop, toStop, classCode, type))
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

function linesOf(
  tariff: Tariff,
  run: Run,
  fromStop: number,
  toStop: number,
  classCode: string,
  type: string,
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
  const lines = [line('fare', reduced(ofClass.baseMinor + byWay), ofClass.taxBasisPoints)]
  for (const supplement of tariff.supplements) {
    const { code, amountMinor, taxBasisPoints, trainPrefix } = supplement
    const forClass = supplement.classCode === '' || supplement.classCode === classCode
    if (!forClass || !run.train.number.startsWith(trainPrefix)) continue
    lines.push(line(code, supplement.reduced ? reduced(amountMinor) : amountMinor, taxBasisPoints))
  }
  return lines
}
