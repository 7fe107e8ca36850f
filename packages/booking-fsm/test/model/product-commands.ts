import type {
  BookingProductView,
  CheapestView,
  Entry,
  FareProduct,
  ProductOffer,
  ProductQuery,
  Reply,
  SetFareProducts,
} from '../../src/index.ts'
import { needStaff } from './caller.ts'
import { type Journey, partyPriceOf } from './fare-lines.ts'
import { freeFor } from './free-places.ts'
import { checkRequiredList, requiredOf } from './passenger-data.ts'
import { refuse } from './refuse.ts'
import { ruleInForce } from './rule-commands.ts'
import {
  checkBoolean,
  checkInt,
  checkLength,
  checkPattern,
  checkText,
  classPattern,
  maxInstant,
} from './shapes.ts'
import { checkFixed } from './tariff-commands.ts'
import {
  departureAt,
  isCancelled,
  isLive,
  type ModelBooking,
  type ModelProduct,
  type ModelRun,
  type ModelTrain,
  runOf,
  trainOf,
  type World,
} from './world.ts'

export function setFareProducts(world: World, entry: Entry, command: SetFareProducts): Reply {
  checkInt(command.validFromMs, 0, maxInstant, 'validFromMs')
  checkLength(command.products, 0, 32, 'products')
  command.products.forEach((of, i) => {
    const field = `products[${i}]`
    if (typeof of !== 'object' || of === null) refuse('invalidField', { field })
    checkPattern(of.code, classPattern, `${field}.code`)
    if (of.code === 'cheapest') refuse('invalidField', { field: `${field}.code` })
    checkText(of.name, 1, 100, `${field}.name`)
    if (of.classCode !== '') checkPattern(of.classCode, classPattern, `${field}.classCode`)
    checkText(of.trainPrefix, 0, 32, `${field}.trainPrefix`)
    checkInt(of.fareBasisPoints, 0, 10_000, `${field}.fareBasisPoints`)
    if (of.fixedFares !== undefined) checkFixed(of.fixedFares, `${field}.fixedFares`)
    checkInt(of.places, 0, 2_000, `${field}.places`)
    checkInt(of.soldUntilBeforeMs, 0, 1e11, `${field}.soldUntilBeforeMs`)
    checkBoolean(of.refundable, `${field}.refundable`)
    checkBoolean(of.exchangeable, `${field}.exchangeable`)
    checkRequiredList(of.requires, `${field}.requires`)
    const before = command.products.slice(0, i).map(({ code }) => code)
    if (before.includes(of.code)) refuse('invalidField', { field: `${field}.code` })
  })
  checkRequiredList(command.requires, 'requires')
  needStaff(world, entry)
  world.productRules.push(command)
  return { type: 'done' }
}

/** Which of the list are meant for the class on the train. */
function meantFor(products: readonly FareProduct[], train: ModelTrain, classCode: string) {
  return products
    .filter((of) => ['', classCode].includes(of.classCode))
    .filter((of) => train.number.slice(0, of.trainPrefix.length) === of.trainPrefix)
}

/** Who sits there on the segment and paid one of these. */
function soldOn(
  world: World,
  run: ModelRun,
  classCode: string,
  codes: readonly string[],
  at: number,
) {
  return world.bookings
    .filter((b) => isLive(b) && b.runId === run.id && b.classCode === classCode)
    .filter((b) => b.product?.counts === true && codes.includes(b.product.code))
    .filter((b) => b.fromStop <= at && at < b.toStop)
    .reduce((sum, b) => sum + b.passengers.filter((p) => p.cancelledAt === 0).length, 0)
}

/** The least that is left to it or to any that stand behind it, on any segment. */
function leftOf(
  world: World,
  run: ModelRun,
  classCode: string,
  list: readonly FareProduct[],
  code: string,
  [from, to]: readonly [number, number],
): number {
  const first = list.findIndex((of) => of.code === code)
  const rooms = list.slice(first).flatMap((of, i) => {
    const codes = list.slice(0, first + i + 1).map((it) => it.code)
    const segments = Array.from({ length: to - from }, (_, at) => from + at)
    return segments.map((at) => of.places - soldOn(world, run, classCode, codes, at))
  })
  return Math.max(0, Math.min(...rooms))
}

interface Found {
  readonly code: string
  readonly of: FareProduct
  readonly rule: SetFareProducts
  readonly left: number
  readonly price: number
}

/** What could be asked for now; sold out or not. */
function onSale(world: World, j: Journey): Found[] {
  const { run, fromStop, toStop, classCode } = j
  const rule = ruleInForce(world.productRules, j.now)
  if (rule === undefined) return []
  const list = meantFor(rule.products, trainOf(world, run), classCode)
  return list.flatMap((of) => {
    if (j.now >= departureAt(world, run, fromStop) - of.soldUntilBeforeMs) return []
    const left = leftOf(world, run, classCode, list, of.code, [fromStop, toStop])
    const price = partyPriceOf(world, j, of)
    return price === undefined ? [] : [{ code: of.code, of, rule, left, price }]
  })
}

/** The least dear of what everybody can have, if that is less than in full; the first of equals. */
function leastDear(world: World, j: Journey): Found | undefined {
  const full = partyPriceOf(world, j, undefined)
  if (full === undefined) return undefined
  const able = onSale(world, j).filter((it) => it.left >= j.types.length && it.price < full)
  return able.find((it) => able.every((other) => it.price <= other.price))
}

/** What a hold that asks for it gets. */
export function chooseProduct(world: World, j: Journey, asked = ''): ModelProduct | undefined {
  if (asked === '') return undefined
  if (asked === 'cheapest') return asModel(leastDear(world, j))
  const rule = ruleInForce(world.productRules, j.now)
  const list = meantFor(rule?.products ?? [], trainOf(world, j.run), j.classCode)
  const field = 'product'
  if (!list.some(({ code }) => code === asked)) refuse('productNotFound', { field })
  const of = list.find(({ code }) => code === asked) as FareProduct
  if (j.now >= departureAt(world, j.run, j.fromStop) - of.soldUntilBeforeMs) {
    refuse('productNotOnSale', { field })
  }
  const left = leftOf(world, j.run, j.classCode, list, asked, [j.fromStop, j.toStop])
  if (left < j.types.length) refuse('productSoldOut', { field, figure: left })
  return asModel({ code: asked, of, rule: rule as SetFareProducts, left, price: 0 })
}

function asModel(found: Found | undefined): ModelProduct | undefined {
  return found && { code: found.code, of: found.of, rule: found.rule, counts: true }
}

/** An expired booking wants its places again, by the rule of then. */
export function hasBucketAgain(world: World, booking: ModelBooking): boolean {
  const { product, classCode, fromStop, toStop, passengers } = booking
  if (product === undefined) return true
  const run = runOf(world, booking)
  const list = meantFor(product.rule.products, trainOf(world, run), classCode)
  const left = leftOf(world, run, classCode, list, product.code, [fromStop, toStop])
  return left >= passengers.length
}

export function modelProduct({ product }: ModelBooking): BookingProductView | undefined {
  if (product === undefined) return undefined
  const { code, name, refundable, exchangeable } = product.of
  return { code, name, refundable, exchangeable }
}

/** As an offer shows it, when there are seats too. */
export function modelCheapest(world: World, j: Journey, free: number): { cheapest?: CheapestView } {
  const found = free < j.types.length ? undefined : leastDear(world, j)
  if (found === undefined) return {}
  const { code, name, refundable, exchangeable } = found.of
  const placesLeft = Math.min(found.left, free)
  const priceMinor = found.price
  return { cheapest: { code, name, priceMinor, placesLeft, refundable, exchangeable } }
}

export function modelProducts(world: World, query: ProductQuery): ProductOffer[] {
  const { runId, fromStop, toStop, classCode, passengerTypes: types, nowMs: now } = query
  const run = world.runs.find((r) => r.id === runId && r.importId === 0)
  if (run === undefined || isCancelled(world, run)) return []
  const free = freeFor(world, run, fromStop, toStop, classCode, now)
  return onSale(world, { run, fromStop, toStop, classCode, types, now }).map(
    ({ of, left, price }) => {
      const { code, name, refundable, exchangeable } = of
      const placesLeft = Math.min(left, free)
      return {
        code,
        name,
        refundable,
        exchangeable,
        soldUntilMs: departureAt(world, run, fromStop) - of.soldUntilBeforeMs,
        priceMinor: price,
        placesLeft,
        requires: requiredOf(world, now, { of }),
        enoughPlaces: placesLeft >= types.length,
      }
    },
  )
}
