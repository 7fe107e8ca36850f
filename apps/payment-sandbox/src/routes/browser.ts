import type { IncomingMessage, ServerResponse } from 'node:http'
import { checkCard } from '../card-check.ts'
import { testCards } from '../cards.ts'
import { readJson, sendJson } from '../http.ts'
import type { Tokens } from '../tokens.ts'

/** Lets pages of the merchant's origins read the answers; others' browsers refuse them. */
export function allowOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  origins: readonly string[],
): void {
  response.setHeader('vary', 'origin')
  const { origin } = request.headers
  if (origin === undefined || !origins.includes(origin)) return
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-allow-methods', 'GET, POST')
  response.setHeader('access-control-allow-headers', 'content-type')
  response.setHeader('access-control-max-age', '7200')
}

export function getTestCards(response: ServerResponse): void {
  sendJson(response, 200, { cards: testCards })
}

/** Turns a card into a token. The number goes no further than this function. */
export async function postToken(
  request: IncomingMessage,
  response: ServerResponse,
  tokens: Tokens,
): Promise<void> {
  const card = checkCard(await readJson(request), new Date())
  const { token, brand, last4 } = tokens.make(card)
  sendJson(response, 201, { token, brand, last4 })
}
