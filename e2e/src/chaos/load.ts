/** Twenty clients who buy, look, give back and get in each other's way until they are told to stop. */
import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { createClusterTransport } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { ClientCalls } from './client-calls.ts'
import type { Operation } from './history.ts'
import { Random } from './random.ts'

export interface SoldRun {
  readonly runId: number
  /** The last stop; the first is 0. */
  readonly lastStop: number
  readonly seats: readonly { readonly seat: number; readonly classCode: string }[]
}

export interface LoadOptions {
  readonly urls: readonly string[]
  readonly paymentUrl: string
  /** Of the account that all clients buy with: a password takes long to check. */
  readonly login: { readonly email: string; readonly password: string }
  readonly seed: number
  readonly clients: number
}

const clientCount = 20
/** Days ahead whose trains nobody else sells, and refunds are whole. */
const daysAhead = [3, 4, 5]
const card = { number: '4242424242424242', expiry: '12/39', cvc: '123', name: 'Pat' }
/** A few seats that everybody wants. */
const hotSeats = 12
const settleWithinMs = 60_000

export class Load {
  readonly operations: Operation[] = []
  readonly #options: LoadOptions
  readonly #stop = new AbortController()
  readonly #giveUp = new AbortController()
  #clients: readonly Passenger[] = []
  #running: readonly Promise<void>[] = []
  #runs: readonly SoldRun[] = []

  /** A session, and the trains that all fight for. */
  static async prepare(
    options: Omit<LoadOptions, 'clients'> & { clients?: number },
  ): Promise<Load> {
    const load = new Load({ ...options, clients: options.clients ?? clientCount })
    await load.#prepare()
    return load
  }

  private constructor(options: LoadOptions) {
    this.#options = options
  }

  get runs(): readonly SoldRun[] {
    return this.#runs
  }

  start(): void {
    this.#running = this.#clients.map((client) => client.buyUntil(this.#stop.signal))
  }

  /** Resolves when every client has ended what it was doing, unknown outcomes included. */
  async stop(): Promise<void> {
    this.#stop.abort()
    const late = setTimeout(() => this.#giveUp.abort(), settleWithinMs)
    await Promise.all(this.#running)
    clearTimeout(late)
  }

  async #prepare(): Promise<void> {
    const { urls, seed, clients, paymentUrl, login } = this.#options
    const transport = createClusterTransport({
      endpoints: urls,
      createTransport: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '1.1' }),
    })
    this.#runs = await eventually(() => runsOf(createClient(TimetableService, transport)))
    const accounts = createClient(AccountService, transport)
    const { sessionToken } = await eventually(() => accounts.logIn(login))
    this.#clients = Array.from({ length: clients }, (_none, at) => {
      const number = at + 1
      const random = new Random(seed, `client ${number}`)
      const calls = new ClientCalls({
        number,
        urls,
        sessionToken,
        random: new Random(seed, `resolving of client ${number}`),
        record: (operation) => this.operations.push(operation),
        giveUp: this.#giveUp.signal,
      })
      return new Passenger({ number, random, calls, runs: this.#runs, paymentUrl })
    })
  }
}

interface PassengerOptions {
  readonly number: number
  readonly random: Random
  readonly calls: ClientCalls
  readonly runs: readonly SoldRun[]
  readonly paymentUrl: string
}

class Passenger {
  readonly #options: PassengerOptions
  #bought = 0

  constructor(options: PassengerOptions) {
    this.#options = options
  }

  async buyUntil(stop: AbortSignal): Promise<void> {
    const { random } = this.#options
    while (!stop.aborted) {
      await this.#visit(stop)
      await pause(random.between(5, 60))
    }
  }

  async #visit(stop: AbortSignal): Promise<void> {
    const { random, calls, runs, number } = this.#options
    const run = random.pick(runs)
    const fromStop = random.between(0, run.lastStop - 1)
    const toStop = random.between(fromStop + 1, run.lastStop)
    let taken: readonly number[] = []
    if (random.chance(0.6)) {
      const { outcome } = await calls.seatMap(run.runId, fromStop, toStop)
      if (outcome.type === 'done' && outcome.answer.kind === 'seatMap') taken = outcome.answer.taken
    }
    const free = run.seats.filter(({ seat }) => !taken.includes(seat))
    const wanted = random.chance(0.5) ? run.seats.slice(0, hotSeats) : free
    const { seat, classCode } = random.pick(wanted.length > 0 ? wanted : run.seats)
    const name = `C${number} ${++this.#bought}`
    const call = { kind: 'hold', runId: run.runId, fromStop, toStop, seat, name } as const
    const { outcome } = await calls.hold(call, classCode)
    if (outcome.type !== 'done' || outcome.answer.kind !== 'booking') return
    await this.#goOn(outcome.answer.bookingId, stop)
  }

  async #goOn(bookingId: number, stop: AbortSignal): Promise<void> {
    const { random, calls } = this.#options
    if (random.chance(0.3)) await calls.booking(bookingId)
    if (random.chance(0.35)) {
      if (random.chance(0.9)) await calls.release(bookingId)
      if (random.chance(0.3)) await calls.booking(bookingId)
      return
    }
    const price = await calls.price(bookingId)
    const token = await this.#token()
    if (price === undefined || token === undefined) return
    const paid = await calls.pay(bookingId, token, price)
    if (paid.outcome.type !== 'done' || random.chance(0.1)) return
    if (!(await this.#isConfirmed(bookingId, stop)) || random.chance(0.15)) return
    await calls.cancel(bookingId, price)
    if (random.chance(0.3)) await calls.booking(bookingId)
  }

  async #isConfirmed(bookingId: number, stop: AbortSignal): Promise<boolean> {
    const { random, calls } = this.#options
    while (!stop.aborted) {
      const { outcome } = await calls.booking(bookingId)
      const answer = outcome.type === 'done' ? outcome.answer : undefined
      if (answer?.kind === 'booking' && answer.status !== 'PAYING') {
        return answer.status === 'CONFIRMED'
      }
      await pause(random.between(20, 120))
    }
    return false
  }

  async #token(): Promise<string | undefined> {
    try {
      const response = await fetch(`${this.#options.paymentUrl}/v1/tokens`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(card),
      })
      return ((await response.json()) as { readonly token: string }).token
    } catch {
      return undefined
    }
  }
}

/** One train on three days, with its seats. */
async function runsOf(
  timetable: ReturnType<typeof createClient<typeof TimetableService>>,
): Promise<readonly SoldRun[]> {
  const runs: SoldRun[] = []
  for (const days of daysAhead) {
    const date = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)
    const { journeys } = await timetable.searchJourneys({ fromCode: 'PMR', toCode: 'TNB', date })
    const journey = journeys[0]
    if (journey === undefined) throw new Error(`no train on ${date} yet`)
    const { runId, fromStop, toStop } = journey
    const { stops, seats } = await timetable.getSeatMap({ runId, fromStop, toStop })
    const free = seats.filter((seat) => seat.free && seat.offered)
    const sold = free.map(({ seat, classCode }) => ({ seat, classCode }))
    runs.push({ runId: Number(runId), lastStop: stops.length - 1, seats: sold })
  }
  return runs
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Before the faults begin: a new cluster is filled first. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + 60_000
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > deadline) throw error
      await pause(200)
    }
  }
}
