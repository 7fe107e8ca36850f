import { createHash } from 'node:crypto'
import type { Outcome, RequestKey } from '@quorail/booking-fsm'

/** A notice of the provider, checked. */
export interface ProviderEvent {
  readonly eventId: string
  /** The outbox row's key. */
  readonly key: string
  readonly outcome: Outcome
}

/** Undefined when it is not what we know as an event. */
export function parseEvent(body: Uint8Array): ProviderEvent | undefined {
  const event = parse(body) as Partial<Record<keyof ProviderEvent, unknown>> | undefined
  const outcome = event?.outcome as Partial<Record<string, unknown>> | undefined
  const { eventId, key } = event ?? {}
  if (!isText(eventId, 64, /^[!-~]+$/) || !isText(key, 255, /^[!-~]+$/)) return undefined
  if (outcome?.type === 'done' && isText(outcome.providerReference, 256, /./)) {
    const { providerReference } = outcome
    return { eventId, key, outcome: { type: 'done', providerReference } }
  }
  if (outcome?.type === 'refused' && typeof outcome.reason === 'string') {
    return { eventId, key, outcome: { type: 'refused', reason: outcome.reason.slice(0, 512) } }
  }
  return undefined
}

/** An event counts once, whichever node it reaches and however often. */
export function requestKeyOf(event: ProviderEvent): RequestKey {
  const content = JSON.stringify([event.key, event.outcome])
  return {
    principal: 'p:sandbox',
    method: 'ProviderEvent',
    requestId: event.eventId,
    contentHash: createHash('sha256').update(content).digest('hex'),
  }
}

function parse(body: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body))
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

function isText(value: unknown, most: number, pattern: RegExp): value is string {
  return typeof value === 'string' && value.length <= most && pattern.test(value)
}
