/** What a ticket's QR code says: `QT1.KEY.PAYLOAD.SIGNATURE`, the last two as base64url. */

export interface TicketFacts {
  /** Whose railway it is: 32 hexadecimal digits. */
  readonly clusterId: string
  readonly ticketNumber: string
  /** The booking's reference. */
  readonly pnr: string
  readonly runId: number
  readonly trainNumber: string
  /** As yyyymmdd. */
  readonly serviceDate: number
  /** Positions in the run's stops, and the codes of their stations. */
  readonly fromStop: number
  readonly fromStation: string
  readonly toStop: number
  readonly toStation: string
  readonly classCode: string
  readonly coachLabel: string
  readonly seatLabel: string
  readonly name: string
  /** '' pays in full. */
  readonly passengerType: string
  /** The ticket is good from here… */
  readonly validFromMs: number
  /** …to here, by the device's clock. */
  readonly validToMs: number
}

export interface TicketText {
  readonly keyId: string
  /** What is signed, as it is signed. */
  readonly payload: string
  readonly signature: Uint8Array<ArrayBuffer>
}

/** Undefined when it is none. */
export function readTicketText(text: string): TicketText | undefined {
  const parts = /^QT1\.([0-9a-f]{16})\.([\w-]+)\.([\w-]+)$/.exec(text)
  const [, keyId = '', payload = '', signature = ''] = parts ?? []
  const [ofPayload, ofSignature] = [fromBase64Url(payload), fromBase64Url(signature)]
  if (parts === null || ofPayload === undefined || ofSignature?.length !== 64) return undefined
  return { keyId, payload: new TextDecoder().decode(ofPayload), signature: ofSignature }
}

/** Undefined when it is not what this version knows. */
export function readTicketFacts(payload: string): TicketFacts | undefined {
  const list = parse(payload)
  if (!Array.isArray(list) || list.length !== kinds.length || list[0] !== 1) return undefined
  if (!list.every((value, i) => typeof value === kinds[i])) return undefined
  const [, clusterId, ticketNumber, pnr, runId, trainNumber, serviceDate, ...rest] = list
  const [fromStop, fromStation, toStop, toStation, classCode, ...more] = rest
  const [coachLabel, seatLabel, name, passengerType, validFromMs, validToMs] = more
  const train = { runId, trainNumber, serviceDate }
  const journey = { fromStop, fromStation, toStop, toStation, classCode, coachLabel, seatLabel }
  const person = { name, passengerType, validFromMs, validToMs }
  return { clusterId, ticketNumber, pnr, ...train, ...journey, ...person } as TicketFacts
}

/** Of the payload's values, in order. */
const kinds = [
  ...['number', 'string', 'string', 'string', 'number', 'string', 'number'],
  ...['number', 'string', 'number', 'string', 'string'],
  ...['string', 'string', 'string', 'string', 'number', 'number'],
]

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
    return Uint8Array.from(binary, (unit) => unit.charCodeAt(0))
  } catch {
    return undefined
  }
}
