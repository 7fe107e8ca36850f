import { passesLuhn, type TestCard, testCards } from './cards.ts'
import { Problem } from './problem.ts'

export interface CardInput {
  readonly number?: unknown
  readonly expiry?: unknown
  readonly cvc?: unknown
  readonly name?: unknown
}

/** Gives the test card, or a problem with one sentence for each field that is wrong. */
export function checkCard(input: CardInput, now: Date): TestCard {
  const fields: Record<string, string> = {}
  const digits = text(input.number).replace(/[ -]/g, '')
  const card = testCards.find(({ number }) => number.replaceAll(' ', '') === digits)
  const numberProblem = checkNumber(digits, card)
  if (numberProblem !== undefined) fields.number = numberProblem
  const expiryProblem = checkExpiry(text(input.expiry), now)
  if (expiryProblem !== undefined) fields.expiry = expiryProblem
  if (!/^[0-9]{3,4}$/.test(text(input.cvc))) fields.cvc = 'The code has three or four digits.'
  const name = text(input.name)
  if (name === '') fields.name = 'Enter the name on the card.'
  if (name.length > 100) fields.name = 'A name has at most 100 characters.'
  if (Object.keys(fields).length > 0 || card === undefined) {
    throw new Problem(422, 'invalid_card', 'Please check the card.', fields)
  }
  return card
}

function checkNumber(digits: string, card: TestCard | undefined): string | undefined {
  if (digits === '') return 'Enter the card number.'
  if (!/^[0-9]+$/.test(digits)) return 'A card number has digits only.'
  if (digits.length < 12 || digits.length > 19) return 'A card number has 12 to 19 digits.'
  if (!passesLuhn(digits)) return 'This is not a card number; check the digits.'
  // A test provider must not become a place where people leave real cards.
  if (card === undefined) return 'This is a sandbox: use one of its test cards, never a real one.'
  return undefined
}

function checkExpiry(expiry: string, now: Date): string | undefined {
  const match = /^(0[1-9]|1[0-2]) ?\/ ?([0-9]{2}|[0-9]{4})$/.exec(expiry)
  if (match === null) return 'Enter the expiry as MM/YY.'
  const year = Number(match[2]) + (match[2]?.length === 2 ? 2000 : 0)
  // A card is good until the end of its month, wherever on earth.
  const end = Date.UTC(year, Number(match[1]), 2)
  return end <= now.getTime() ? 'This card has expired.' : undefined
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}
