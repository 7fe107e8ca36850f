import type { CardFields, CardProblems } from './card'

/** A token stands for a card; only the provider can tell which. */
export interface CardToken {
  readonly token: string
  readonly brand: string
  readonly last4: string
}

export interface TestCard {
  readonly number: string
  readonly behaviour: string
  readonly title: string
  readonly description: string
}

/** The provider did not take the card, or did not answer. Nothing was charged. */
export class CardRefused extends Error {
  readonly fields: CardProblems

  constructor(sentence: string, fields: CardProblems = {}) {
    super(sentence)
    this.name = 'CardRefused'
    this.fields = fields
  }
}

const patienceMs = 15_000

/** The card goes from this page to the provider and nowhere else. */
export async function createToken(paymentUrl: string, card: CardFields): Promise<CardToken> {
  const response = await fetch(`${paymentUrl}/v1/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(card),
    credentials: 'omit',
    signal: AbortSignal.timeout(patienceMs),
  }).catch(() => {
    throw new CardRefused('The payment provider does not answer. Nothing was charged; try again.')
  })
  const body: unknown = await response.json().catch(() => undefined)
  const { token, brand, last4, error } = (body ?? {}) as Record<string, unknown>
  if (response.ok && typeof token === 'string') {
    return { token, brand: text(brand), last4: text(last4) }
  }
  throw refusal(error)
}

export async function listTestCards(
  paymentUrl: string,
  signal: AbortSignal,
): Promise<readonly TestCard[]> {
  const response = await fetch(`${paymentUrl}/v1/test-cards`, { signal, credentials: 'omit' })
  if (!response.ok) return []
  const { cards } = (await response.json()) as { cards?: unknown }
  return Array.isArray(cards) ? (cards as TestCard[]) : []
}

function refusal(error: unknown): CardRefused {
  const { message, field, fields } = (error ?? {}) as Record<string, unknown>
  const sentence = text(message) || 'The payment provider could not read the card.'
  if (typeof field === 'string') return new CardRefused(sentence, { [field]: sentence })
  return new CardRefused(sentence, (fields ?? {}) as CardProblems)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
