import { listRuns, seatMap } from '@quorail/booking-fsm'
import type { NodeHost } from '../host/types.ts'
import type { DemoFill } from '../timetable/demo-timetable.ts'

export interface FillOptions {
  readonly host: NodeHost
  readonly paymentUrl: string
  /** The account that buys. */
  readonly buyer: number
  readonly fill: DemoFill
  readonly signal: AbortSignal
  /** A party was refused, now or by an earlier leader; the next one is tried. */
  readonly onSkipped: (step: string, code: string) => void
}

/** The largest party the railway sells to. */
const partyMax = 6
/** After so many refusals in a row the run is left as it is. */
const refusalsMax = 10
const approveCard = {
  number: '4242424242424242',
  expiry: '12/39',
  cvc: '123',
  name: 'Demo traffic',
}

/** Buys seats of a run, party by party, through the same log and payments as everybody. */
export async function fillRun(options: FillOptions): Promise<void> {
  const { host, paymentUrl, buyer, fill, signal, onSkipped } = options
  const { trainNumber, serviceDate, leaveFree } = fill
  const days = { fromDate: serviceDate, toDate: serviceDate, limit: 1_000 }
  const run = listRuns(host.state, days).find((candidate) => candidate.trainNumber === trainNumber)
  if (run === undefined) return
  const last = run.stops.length - 1
  let refusals = 0
  for (let party = 0; !signal.aborted && refusals < refusalsMax; party++) {
    const free = seatMap(host.state, run.runId, 0, last).filter((seat) => seat.free)
    const wanted = free.length - leaveFree
    const classCode = free[0]?.classCode
    if (wanted <= 0 || classCode === undefined) return
    const ofClass = free.filter((seat) => seat.classCode === classCode).length
    const size = Math.min(partyMax, wanted, ofClass)
    const requestId = `${trainNumber}-${serviceDate}-${party}`.replaceAll(' ', '_')
    const principal = `a:${buyer}`
    const held = await host.submit({
      actor: buyer,
      key: { principal, method: 'HoldSeats', requestId, contentHash: '0' },
      command: {
        type: 'holdSeats',
        runId: run.runId,
        fromStop: 0,
        toStop: last,
        classCode,
        passengers: Array.from({ length: size }, (_, i) => ({
          name: `Guest ${party + 1}.${i + 1}`,
        })),
        seats: [],
      },
    })
    if (held.reply.type !== 'seatsHeld') {
      // A refusal is remembered for a day: under the same request id it would only be repeated.
      refusals += 1
      onSkipped(requestId, held.reply.type === 'refused' ? held.reply.code : held.reply.type)
      continue
    }
    refusals = 0
    await host.submit({
      actor: buyer,
      key: { principal, method: 'Pay', requestId, contentHash: '0' },
      command: {
        type: 'startPayment',
        bookingId: held.reply.bookingId,
        paymentToken: await token(paymentUrl, signal),
        amountMinor: held.reply.priceMinor,
      },
    })
  }
}

async function token(paymentUrl: string, signal: AbortSignal): Promise<string> {
  const response = await fetch(`${paymentUrl}/v1/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(approveCard),
    signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
  })
  const body = (await response.json()) as { readonly token?: string }
  if (body.token === undefined) throw new Error(`the sandbox gave no token (${response.status})`)
  return body.token
}
