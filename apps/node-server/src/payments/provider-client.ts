import type { EffectKind, OutboxView, Outcome } from '@quorail/booking-fsm'

/** What one conversation with the provider brought. */
export type ProviderAnswer =
  /** Decided, for ever. */
  | { readonly type: 'definite'; readonly outcome: Outcome }
  /** The provider has it and has not decided. */
  | { readonly type: 'pending' }
  /** Asked by key: it has never seen the key. A request may still be on its way. */
  | { readonly type: 'neverSeen' }
  /** Asked by key: it was burned, and can never happen. */
  | { readonly type: 'burned' }
  /** It does not take such a request, and has not remembered the key. */
  | { readonly type: 'rejected'; readonly code: string }
  /** No answer, or none that says anything. `code` says why, for the log. */
  | { readonly type: 'unknown'; readonly code: string }

export interface ProviderClient {
  /** Sends the effect with its own key: repeating it is harmless. */
  perform(effect: OutboxView, signal: AbortSignal): Promise<ProviderAnswer>
  /** What became of a key. With `burn`, a key never seen can not happen any more. */
  ask(key: string, burn: boolean, signal: AbortSignal): Promise<ProviderAnswer>
}

export interface ProviderOptions {
  readonly url: string
  readonly secret: string
  /** No answer within this time: unknown. */
  readonly answerWithinMs: number
}

export function createProviderClient(options: ProviderOptions): ProviderClient {
  const send = async (
    method: 'GET' | 'POST',
    path: string,
    key: string | undefined,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<ProviderAnswer> => {
    const deadline = AbortSignal.timeout(options.answerWithinMs)
    try {
      const response = await fetch(new URL(path, options.url), {
        method,
        headers: {
          authorization: `Bearer ${options.secret}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.any([signal, deadline]),
        redirect: 'error',
      })
      return read(response.status, await response.text())
    } catch (error) {
      // The worker was stopped: that says nothing about the provider.
      signal.throwIfAborted()
      return { type: 'unknown', code: deadline.aborted ? 'no_answer' : failureCode(error) }
    }
  }
  return {
    perform(effect, signal) {
      const { path, body } = requestOf(effect)
      return send('POST', path, effect.key, body, signal)
    },
    ask(key, burn, signal) {
      const path = `/v1/operations/by-key/${encodeURIComponent(key)}${burn ? '?burn=1' : ''}`
      return send('GET', path, undefined, undefined, signal)
    },
  }
}

/** The provider's books name what we pay for, so that both can be compared. */
export function referenceOf(bookingId: number): string {
  return `booking-${bookingId}`
}

function requestOf(effect: OutboxView): { readonly path: string; readonly body: object } {
  const { amountMinor, currency, paymentToken, bookingId, providerReference } = effect
  if (effect.kind === 'authorise') {
    const reference = referenceOf(bookingId)
    return {
      path: '/v1/authorizations',
      body: { token: paymentToken, amountMinor, currency, reference },
    }
  }
  const path = `/v1/authorizations/${encodeURIComponent(providerReference)}/${actions[effect.kind]}`
  return { path, body: effect.kind === 'refund' ? { amountMinor } : {} }
}

const actions: Record<Exclude<EffectKind, 'authorise'>, string> = {
  capture: 'capture',
  void: 'void',
  refund: 'refunds',
}

function read(status: number, text: string): ProviderAnswer {
  const body = parse(text)
  const { state, providerReference, reason } = body
  if (status < 500) {
    if (state === 'done' && isText(providerReference, 1, 256)) {
      return { type: 'definite', outcome: { type: 'done', providerReference } }
    }
    if (state === 'refused') {
      const said = typeof reason === 'string' ? reason.slice(0, 512) : ''
      return { type: 'definite', outcome: { type: 'refused', reason: said } }
    }
    if (state === 'pending') return { type: 'pending' }
    if (status === 404 && state === 'unknown') return { type: 'neverSeen' }
    if (status === 404 && state === 'burned') return { type: 'burned' }
  }
  const code = errorCode(body)
  // Without the provider's own code it may be anybody's page, e.g. of a gateway in front of it.
  if (code === undefined) return { type: 'unknown', code: `http_${status}` }
  if (status === 409 && code === 'key_burned') return { type: 'burned' }
  // 401 and 403 are about our secret, 409 about a key in use, 429 about haste: not about the effect.
  if ([400, 404, 413, 422].includes(status)) return { type: 'rejected', code }
  return { type: 'unknown', code }
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function errorCode(body: Record<string, unknown>): string | undefined {
  const code = (body.error as { readonly code?: unknown } | undefined)?.code
  return isText(code, 1, 64) ? code : undefined
}

function isText(value: unknown, least: number, most: number): value is string {
  return typeof value === 'string' && value.length >= least && value.length <= most
}

/** `ECONNREFUSED` and the like; never the message, which may hold more than it should. */
function failureCode(error: unknown): string {
  const cause = error instanceof Error ? (error.cause as { readonly code?: unknown }) : undefined
  return typeof cause?.code === 'string' ? cause.code : 'connection_lost'
}
