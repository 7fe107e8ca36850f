import type { FareLineView, FareProduct } from '../../src/index.ts'
import { halfUp, ruleInForce } from './rule-commands.ts'
import { reducedFare, tariffLines } from './tariff-commands.ts'
import { type ModelRun, type ModelTrain, trainOf, type World } from './world.ts'

export interface Journey {
  readonly run: ModelRun
  readonly fromStop: number
  readonly toStop: number
  readonly classCode: string
  readonly types: readonly string[]
  readonly now: number
}

/** What everybody pays together at the product, or in full; undefined: there is no fare. */
export function partyPriceOf(
  world: World,
  { run, fromStop, toStop, classCode, types, now }: Journey,
  product: FareProduct | undefined,
): number | undefined {
  const then = { ...world, now }
  const train = trainOf(world, run)
  const lines = types.map((type) =>
    linesOf(then, train, fromStop, toStop, classCode, type, product),
  )
  if (lines.some((of) => of.length === 0)) return undefined
  return lines.reduce((sum, of) => sum + total(of), 0)
}

/** Of who pays in full. */
export function priceEach(
  world: World,
  train: ModelTrain,
  from: number,
  to: number,
  classCode: string,
  atMs: number,
): number | undefined {
  const lines = linesOf({ ...world, now: atMs }, train, from, to, classCode, '')
  return lines.length === 0 ? undefined : total(lines)
}

/** What a passenger of the type pays now; nothing is listed when the class has no fare. */
export function linesOf(
  world: World,
  train: ModelTrain,
  from: number,
  to: number,
  classCode: string,
  type: string,
  product?: FareProduct,
): FareLineView[] {
  const rule = ruleInForce(world.fareRules, world.now)
  if (rule?.tariff !== undefined)
    return tariffLines(world, rule.tariff, train, from, to, classCode, type, product)
  const fare = rule?.classes.find((f) => f.classCode === classCode)
  if (fare === undefined) return []
  const metres = (train.stops[to]?.distanceMetres ?? 0) - (train.stops[from]?.distanceMetres ?? 0)
  const byWay = BigInt(metres) * BigInt(fare.perThousandKilometresMinor)
  const codes = [from, to].map((at) => train.stops[at]?.stationCode ?? '')
  const full = fare.baseMinor + halfUp(byWay, 1_000_000n)
  const netMinor = reducedFare(world, product, codes, classCode, full)
  return [{ code: 'fare', netMinor, taxMinor: 0 }]
}

export function total(lines: readonly FareLineView[]): number {
  return lines.reduce((sum, line) => sum + line.netMinor + line.taxMinor, 0)
}
