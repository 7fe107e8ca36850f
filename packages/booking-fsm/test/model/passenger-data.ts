import type { PassengerDatum, PassengerInput } from '../../src/index.ts'
import { refuse } from './refuse.ts'
import { ruleInForce } from './rule-commands.ts'
import { checkInt, checkLength, checkText } from './shapes.ts'
import type { ModelPassenger, ModelProduct, World } from './world.ts'

export const data: readonly PassengerDatum[] = ['birthDate', 'document', 'contact']

export function saidOf(passenger: PassengerInput): ModelPassenger['said'] {
  const { birthDate = 0, document = '', contact = '' } = passenger
  return { birthDate, document, contact }
}

export function checkSaid(passenger: PassengerInput, field: string): void {
  const { birthDate, document, contact } = passenger
  if (birthDate !== undefined) checkBirth(birthDate, `${field}.birthDate`)
  if (document !== undefined) checkText(document, 0, 64, `${field}.document`)
  if (contact !== undefined) checkText(contact, 0, 254, `${field}.contact`)
}

function checkBirth(date: number, field: string): void {
  checkInt(date, 0, 99_991_231, field)
  if (date === 0) return
  const [year, month, day] = [Math.floor(date / 10_000), Math.floor(date / 100) % 100, date % 100]
  const real = new Date(Date.UTC(year, month - 1, day))
  const isReal = real.getUTCMonth() === month - 1 && real.getUTCDate() === day && year >= 1_900
  if (!isReal) refuse('invalidField', { field })
}

/** By the rule in force and by the product. */
export function requiredOf(
  world: World,
  now: number,
  product: Pick<ModelProduct, 'of'> | undefined,
): PassengerDatum[] {
  const always = ruleInForce(world.productRules, now)?.requires ?? []
  return data.filter((of) => [...always, ...(product?.of.requires ?? [])].includes(of))
}

export function checkRequired(
  world: World,
  passengers: readonly PassengerInput[],
  product: ModelProduct | undefined,
): void {
  if (world.drawing !== undefined && world.featureLevel < 3) return
  passengers.forEach((passenger, i) => {
    for (const of of requiredOf(world, world.now, product)) {
      if (saidOf(passenger)[of]) continue
      refuse('passengerDataRequired', { field: `passengers[${i}].${of}` })
    }
  })
}

export function checkRequiredList(list: readonly PassengerDatum[], field: string): void {
  checkLength(list, 0, 3, field)
  list.forEach((of, i) => {
    const isKnown = data.includes(of) && !list.slice(0, i).includes(of)
    if (!isKnown) refuse('invalidField', { field: `${field}[${i}]` })
  })
}
