/** What is sold in limited numbers, as dated data. */
import { mustBeStaff } from '../actors.ts'
import { checkLength, firstInvalid, isClassCode, isInstant, isInt, isText } from '../checks.ts'
import type { FareProduct, PassengerDatum, SetFareProducts } from '../commands.ts'
import { addToCounter } from '../counters.ts'
import { insertRule } from '../fares.ts'
import { CHEAPEST } from '../products/choose.ts'
import { passengerData } from '../products/passenger-data.ts'
import type { FareProductRule } from '../products/things.ts'
import { invalid } from '../refusal.ts'
import type { Refusal, Reply } from '../replies.ts'
import { type Work, writeRow } from '../store.ts'
import { unhashed } from '../things.ts'
import { checkEach, checkFixed, copyOfFixed } from './tariff.ts'

const MAX_PRODUCTS = 32
/** Three years. */
const MAX_BEFORE_MS = 100_000_000_000

export function setFareProducts(work: Work, command: SetFareProducts): Reply {
  const { validFromMs, products, requires } = command
  const refusal =
    firstInvalid([[isInstant(validFromMs), 'validFromMs']]) ??
    checkEach(products, 0, MAX_PRODUCTS, 'products', checkProduct, 'code') ??
    checkRequired(requires, 'requires') ??
    mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const rule: FareProductRule = {
    ...unhashed,
    ruleId: addToCounter(work, 'fareProducts', 1),
    validFromMs,
    products: products.map(copyOf),
    requires: [...requires],
  }
  insertRule(work.state.fareProducts, rule)
  writeRow(work, 'fare_products', rule)
  return { type: 'done' }
}

function copyOf(of: FareProduct): FareProduct {
  const { code, name, classCode, trainPrefix, fareBasisPoints, fixedFares } = of
  const { places, soldUntilBeforeMs, refundable, exchangeable, requires } = of
  return {
    code,
    name,
    classCode,
    trainPrefix,
    fareBasisPoints,
    ...(fixedFares !== undefined && { fixedFares: copyOfFixed(fixedFares) }),
    places,
    soldUntilBeforeMs,
    refundable,
    exchangeable,
    requires: [...requires],
  }
}

function checkProduct(of: FareProduct, field: string): Refusal | undefined {
  const fixed = of.fixedFares === undefined ? undefined : checkFixed(of.fixedFares)
  return (
    firstInvalid([
      // What asks for whatever is cheapest is no name.
      [isClassCode(of.code) && of.code !== CHEAPEST, `${field}.code`],
      [isText(of.name, 1, 100), `${field}.name`],
      [of.classCode === '' || isClassCode(of.classCode), `${field}.classCode`],
      [isText(of.trainPrefix, 0, 32), `${field}.trainPrefix`],
      [isInt(of.fareBasisPoints, 0, 10_000), `${field}.fareBasisPoints`],
    ]) ??
    (fixed && { ...fixed, field: `${field}.${fixed.field}` }) ??
    firstInvalid([
      [isInt(of.places, 0, 2_000), `${field}.places`],
      [isInt(of.soldUntilBeforeMs, 0, MAX_BEFORE_MS), `${field}.soldUntilBeforeMs`],
      [typeof of.refundable === 'boolean', `${field}.refundable`],
      [typeof of.exchangeable === 'boolean', `${field}.exchangeable`],
    ]) ??
    checkRequired(of.requires, `${field}.requires`)
  )
}

function checkRequired(list: readonly PassengerDatum[], field: string): Refusal | undefined {
  const length = checkLength(list, 0, passengerData.length, field)
  if (length !== undefined) return length
  const wrong = list.findIndex((of, i) => !passengerData.includes(of) || list.indexOf(of) < i)
  return wrong < 0 ? undefined : invalid(`${field}[${wrong}]`)
}
