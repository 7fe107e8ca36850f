import { randomBytes } from 'node:crypto'
import type { SandboxDatabase } from './database.ts'
import type { Decision } from './movements.ts'
import { sign } from './signature.ts'

export interface WebhookOptions {
  /** Each notice goes to one of these in turn, and to the next one when it fails. */
  readonly urls: readonly string[]
  readonly secret: string
  readonly log: (message: string) => void
}

interface DeliveryRow {
  readonly number: number
  readonly event_id: string
  readonly body: string
  readonly attempts: number
}

const answerWithinMs = 5_000
const pauseFirstMs = 250
const pauseMostMs = 60_000
/** About a week, at one a minute. */
const attemptsMost = 10_000

/** Tells the merchant, until it has understood. The queue is in the database, so a restart goes on. */
export class Webhooks {
  readonly #database: SandboxDatabase
  readonly #options: WebhookOptions
  readonly #running = new Map<number, AbortController>()
  #timer: NodeJS.Timeout | undefined
  #turn = 0
  #closed = false

  constructor(database: SandboxDatabase, options: WebhookOptions) {
    this.#database = database
    this.#options = options
  }

  /** Inside the transaction of what it tells of: a notice exists exactly when its cause does. */
  enqueue(key: string, kind: string, decision: Decision, copies: number, notBefore: number): void {
    if (this.#options.urls.length === 0) return
    const eventId = `evt_${randomBytes(12).toString('base64url')}`
    const outcome =
      decision.state === 'done'
        ? { type: 'done', providerReference: decision.providerReference }
        : { type: 'refused', reason: decision.reason }
    const { reference } = decision
    const createdAt = new Date().toISOString()
    const type = `${kind}.${decision.state}`
    const body = JSON.stringify({ eventId, type, key, kind, outcome, reference, createdAt })
    const insert = this.#database.prepare(
      'insert into delivery (event_id, body, next_at) values (?, ?, ?)',
    )
    for (let copy = 0; copy < copies; copy++) insert.run(eventId, body, notBefore)
  }

  /** Sends what is due, and sleeps until the next is. */
  wake(): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    const due = this.#database
      .prepare<[number], DeliveryRow>(
        `select number, event_id, body, attempts from delivery
         where delivered_at is null and next_at <= ? order by number limit 16`,
      )
      .all(Date.now())
    for (const row of due) if (!this.#running.has(row.number)) void this.#deliver(row)
    const nextAt = this.#database
      .prepare<[number], number | null>(
        'select min(next_at) from delivery where delivered_at is null and next_at > ?',
      )
      .pluck()
      .get(Date.now())
    if (nextAt == null) return
    this.#timer = setTimeout(() => this.wake(), Math.max(10, nextAt - Date.now())).unref()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    for (const controller of this.#running.values()) controller.abort()
  }

  async #deliver(row: DeliveryRow): Promise<void> {
    const { urls, secret, log } = this.#options
    const url = urls[this.#turn++ % urls.length]
    if (url === undefined) return
    const controller = new AbortController()
    this.#running.set(row.number, controller)
    let failure: string | undefined
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'payment-signature': sign(secret, Math.floor(Date.now() / 1000), row.body),
        },
        body: row.body,
        signal: AbortSignal.any([controller.signal, AbortSignal.timeout(answerWithinMs)]),
      })
      await response.arrayBuffer()
      if (!response.ok) failure = `HTTP ${response.status}`
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error)
    }
    this.#running.delete(row.number)
    if (this.#closed) return
    if (failure !== undefined) log(`webhook ${row.event_id} to ${url} failed: ${failure}`)
    this.#settle(row, failure === undefined)
    this.wake()
  }

  #settle(row: DeliveryRow, delivered: boolean): void {
    const now = Date.now()
    const attempts = row.attempts + 1
    const settled = delivered || attempts >= attemptsMost
    const pauseMs = Math.min(pauseMostMs, pauseFirstMs * 2 ** Math.min(row.attempts, 20))
    this.#database
      .prepare('update delivery set attempts = ?, next_at = ?, delivered_at = ? where number = ?')
      .run(attempts, now + pauseMs, settled ? now : null, row.number)
  }
}
