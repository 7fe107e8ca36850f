import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import { pendingOutbox } from '@quorail/booking-fsm'
import type { NodeHost } from '../host/types.ts'
import type { PaymentLog } from './payment-log.ts'
import { type ProviderEvent, parseEvent, requestKeyOf } from './provider-event.ts'
import { isSignedBy } from './webhook-signature.ts'

export const webhookPath = '/webhooks/payments'
const signatureHeader = 'payment-signature'
const hopHeader = 'x-quorail-forwarded-by'
const bodyMost = 65_536
const forwardWithinMs = 4_000

export interface WebhookOptions {
  readonly host: NodeHost
  /** Shared with the provider: what it signs its notices with. */
  readonly secret: string
  readonly log: PaymentLog
}

export type WebhookHandler = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
) => void

interface Answer {
  readonly status: number
  readonly code: string
}

/**
 * Takes the provider's notices on any node. The leader counts them; another node passes them on,
 * once; without a leader the provider is told to come again.
 */
export function createWebhookHandler({ host, secret, log }: WebhookOptions): WebhookHandler {
  const handle = async (request: IncomingMessage | Http2ServerRequest): Promise<Answer> => {
    if (request.method !== 'POST') return { status: 405, code: 'POST_ONLY' }
    const body = await readBody(request)
    if (body === undefined) return { status: 413, code: 'TOO_LARGE' }
    const signature = header(request, signatureHeader)
    if (!isSignedBy(secret, signature, body, host.nowMs())) {
      log.warn({}, 'a webhook without a valid signature was refused')
      return { status: 401, code: 'BAD_SIGNATURE' }
    }
    const event = parseEvent(body)
    if (event === undefined) return { status: 400, code: 'NOT_AN_EVENT' }
    if (host.isServingLeader()) return count(host, event, log)
    if (header(request, hopHeader) !== undefined) return later
    return forward(host, body, signature ?? '')
  }
  return (request, response) => {
    handle(request)
      .catch((error: unknown): Answer => {
        log.warn({ error: String(error) }, 'a webhook could not be counted; it will come again')
        return later
      })
      .then(({ status, code }) => {
        response.statusCode = status
        response.setHeader('content-type', 'application/json')
        if (status === 503) response.setHeader('retry-after', '1')
        response.end(JSON.stringify({ code }))
      })
      .catch(() => request.destroy())
  }
}

const later: Answer = { status: 503, code: 'NO_LEADER' }

async function count(host: NodeHost, event: ProviderEvent, log: PaymentLog): Promise<Answer> {
  const effect = pendingOutbox(host.state, Number.MAX_SAFE_INTEGER).find(
    ({ key }) => key === event.key,
  )
  // Settled already, by the worker or an earlier copy of this notice; or none of ours.
  if (effect === undefined) return { status: 200, code: 'ALREADY_SETTLED' }
  const { outboxId } = effect
  const { reply } = await host.submit({
    actor: 0,
    key: requestKeyOf(event),
    command: { type: 'recordOutcome', outboxId, outcome: event.outcome },
  })
  const refused = reply.type === 'refused' ? reply.code : undefined
  log.info({ outboxId, eventId: event.eventId, refused }, 'a webhook was counted')
  return { status: 200, code: refused === undefined ? 'COUNTED' : 'ALREADY_SETTLED' }
}

/** As it came, so that the leader checks the provider's signature itself. */
async function forward(host: NodeHost, body: Uint8Array, signature: string): Promise<Answer> {
  const leader = host.leader()
  if (leader === undefined || leader.id === host.id) return later
  const response = await fetch(new URL(webhookPath, leader.clientUrl), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      [signatureHeader]: signature,
      [hopHeader]: host.id,
    },
    body: new Uint8Array(body),
    signal: AbortSignal.timeout(forwardWithinMs),
    redirect: 'error',
  })
  await response.arrayBuffer()
  return response.ok ? { status: 200, code: 'FORWARDED' } : later
}

async function readBody(
  request: IncomingMessage | Http2ServerRequest,
): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > bodyMost) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function header(request: IncomingMessage | Http2ServerRequest, name: string): string | undefined {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}
