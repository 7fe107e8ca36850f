import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readJson, sendJson } from '../http.ts'
import type { OperationRequest } from '../movements.ts'
import type { Operations } from '../operations.ts'
import { Problem } from '../problem.ts'

export function requireSecret(request: IncomingMessage, secret: string): void {
  const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? ''
  // Hashed first: equal lengths, so that the comparison says nothing by its time.
  const hash = (text: string) => createHash('sha256').update(text).digest()
  if (!timingSafeEqual(hash(given), hash(secret))) {
    throw new Problem(401, 'unauthorized', 'Send the secret as "Authorization: Bearer …".')
  }
}

/** POST of an operation: which one is said by the path. */
export async function postOperation(
  request: IncomingMessage,
  response: ServerResponse,
  path: readonly string[],
  operations: Operations,
): Promise<void> {
  const body = await readJson(request)
  const operation = operationOf(path, body)
  const { status, body: answer, replayed } = await operations.perform(keyOf(request), operation)
  if (replayed) response.setHeader('idempotent-replayed', 'true')
  sendJson(response, status, answer)
}

function operationOf(path: readonly string[], body: Record<string, unknown>): OperationRequest {
  const [collection, id, action] = path
  if (collection === 'authorizations' && id === undefined) {
    return {
      kind: 'authorize',
      token: text(body, 'token'),
      amountMinor: amount(body),
      currency: currency(body),
      reference: text(body, 'reference'),
    }
  }
  if (id !== undefined && action === 'refunds') {
    return { kind: 'refund', authorizationId: id, amountMinor: amount(body) }
  }
  if (id !== undefined && collection === 'authorizations') {
    if (action === 'capture' || action === 'void') return { kind: action, authorizationId: id }
  }
  throw new Problem(404, 'not_found', 'There is nothing at this address.')
}

function keyOf(request: IncomingMessage): string {
  const key = request.headers['idempotency-key']
  if (typeof key === 'string' && /^[!-~]{1,255}$/.test(key)) return key
  throw new Problem(400, 'key_missing', 'Send an Idempotency-Key of 1 to 255 visible characters.')
}

function text(body: Record<string, unknown>, field: string): string {
  const value = body[field]
  if (typeof value === 'string' && value !== '' && value.length <= 255) return value
  throw invalid(field, 'Must be a text of 1 to 255 characters.')
}

function amount(body: Record<string, unknown>): number {
  const value = body.amountMinor
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
  throw invalid('amountMinor', 'Must be a whole number of minor units, not negative.')
}

function currency(body: Record<string, unknown>): string {
  const value = text(body, 'currency')
  if (/^[A-Z]{3}$/.test(value)) return value
  throw invalid('currency', 'Must be three letters, e.g. EUR.')
}

function invalid(field: string, sentence: string): Problem {
  return new Problem(400, 'invalid_field', `${field}: ${sentence}`, { [field]: sentence })
}
