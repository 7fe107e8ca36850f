/** What the sandbox does with a card. */
export type Behaviour = 'approve' | 'decline' | 'slow' | 'dead' | 'duplicateWebhook'

export interface TestCard {
  readonly number: string
  readonly brand: string
  readonly behaviour: Behaviour
  readonly title: string
  readonly description: string
}

export const testCards: readonly TestCard[] = [
  {
    number: '4242 4242 4242 4242',
    brand: 'Visa',
    behaviour: 'approve',
    title: 'Approves',
    description: 'The payment goes through.',
  },
  {
    number: '4000 0000 0000 0002',
    brand: 'Visa',
    behaviour: 'decline',
    title: 'Declines',
    description: 'The card is declined, and nothing is charged.',
  },
  {
    number: '4000 0000 0000 8005',
    brand: 'Visa',
    behaviour: 'slow',
    title: 'Slow',
    description: 'The payment goes through after about 8 seconds.',
  },
  {
    number: '4000 0000 0000 9003',
    brand: 'Visa',
    behaviour: 'dead',
    title: 'Dead line',
    description: 'The payment goes through, but the provider never answers: it must be asked.',
  },
  {
    number: '5555 5555 5555 4444',
    brand: 'Mastercard',
    behaviour: 'duplicateWebhook',
    title: 'Duplicate webhook',
    description: 'The payment goes through, and every notice of it is sent three times.',
  },
]

/** The check digit of a card number (Luhn, ISO/IEC 7812). */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i])
    const doubled = i % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
