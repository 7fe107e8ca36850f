import { createHash } from 'node:crypto'
import type { SandboxDatabase } from './database.ts'
import type { Decision, Movements, OperationRequest } from './movements.ts'
import { Problem } from './problem.ts'
import type { Tokens } from './tokens.ts'
import type { Webhooks } from './webhooks.ts'

export interface Answer {
  readonly status: number
  readonly body: object
  /** The same key was used before. */
  readonly replayed: boolean
}

export interface OperationTimes {
  /** How long the slow card takes. */
  readonly slowMs: number
  /** Pause between a durable charge and its answer and webhook, for tests that kill somebody then. */
  readonly holdAfterChargeMs: number
}

interface OperationRow {
  readonly key: string
  readonly kind: string
  readonly fingerprint: string
  readonly request: string
  readonly state: 'pending' | 'done' | 'refused' | 'burned'
  readonly due_at: number
  readonly status: number
  readonly answer: string
}

const never = new Promise<never>(() => undefined)

/** Operations by key: each is decided once, is durable before anybody hears of it, and stays decided. */
export class Operations {
  readonly #database: SandboxDatabase
  readonly #movements: Movements
  readonly #tokens: Tokens
  readonly #webhooks: Webhooks
  readonly #times: OperationTimes
  readonly #waiting = new Map<string, Promise<void>>()

  constructor(
    database: SandboxDatabase,
    parts: {
      readonly movements: Movements
      readonly tokens: Tokens
      readonly webhooks: Webhooks
      readonly times: OperationTimes
    },
  ) {
    this.#database = database
    this.#movements = parts.movements
    this.#tokens = parts.tokens
    this.#webhooks = parts.webhooks
    this.#times = parts.times
    // What was under way when the sandbox ended goes on.
    const pending = database
      .prepare<[], OperationRow>(`select * from operation where state = 'pending'`)
      .all()
    for (const row of pending) void this.#decideLater(row)
  }

  async perform(key: string, request: OperationRequest): Promise<Answer> {
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex')
    const known = this.#find(key)
    if (known !== undefined) return this.#again(known, fingerprint)
    const behaviour =
      request.kind === 'authorize' ? this.#tokens.find(request.token)?.behaviour : undefined
    const dueAt = Date.now() + (behaviour === 'slow' ? this.#times.slowMs : 0)
    this.#insert(key, request, fingerprint, dueAt, behaviour !== 'slow')
    const row = this.#find(key) as OperationRow
    if (behaviour === 'slow') await this.#decideLater(row)
    if (behaviour === 'dead') return never
    if (request.kind === 'authorize') await pause(this.#times.holdAfterChargeMs)
    return answerOf(this.#find(key) as OperationRow, false)
  }

  /** What is known of a key. With `burn`, a key not used so far can never be used. */
  byKey(key: string, burn: boolean): Answer {
    if (burn) {
      this.#database
        .prepare(
          `insert into operation (key, kind, fingerprint, request, state, due_at, status, answer, created_at)
           values (?, '', '', '', 'burned', 0, 409, '{}', ?) on conflict (key) do nothing`,
        )
        .run(key, Date.now())
    }
    const row = this.#find(key)
    if (row === undefined) return { status: 404, body: { key, state: 'unknown' }, replayed: false }
    if (row.state === 'burned') {
      return { status: 404, body: { key, state: 'burned' }, replayed: false }
    }
    return { status: 200, body: answerOf(row, true).body, replayed: true }
  }

  async #again(row: OperationRow, fingerprint: string): Promise<Answer> {
    if (row.state === 'burned') {
      throw new Problem(409, 'key_burned', 'This key was given up and can not be used any more.')
    }
    if (row.fingerprint !== fingerprint) {
      throw new Problem(409, 'key_reused', 'This key was used for a different request.')
    }
    await this.#waiting.get(row.key)
    const request = JSON.parse(row.request) as OperationRequest
    if (request.kind === 'authorize' && this.#tokens.find(request.token)?.behaviour === 'dead') {
      return never
    }
    return answerOf(this.#find(row.key) as OperationRow, true)
  }

  #insert(
    key: string,
    request: OperationRequest,
    fingerprint: string,
    dueAt: number,
    decideNow: boolean,
  ): void {
    const insert = this.#database.prepare(
      `insert into operation (key, kind, fingerprint, request, state, due_at, status, answer, created_at)
       values (?, ?, ?, ?, 'pending', ?, 202, '{}', ?)`,
    )
    this.#database.transaction(() => {
      insert.run(key, request.kind, fingerprint, JSON.stringify(request), dueAt, Date.now())
      if (decideNow) this.#decide(key, request)
    })()
    this.#webhooks.wake()
  }

  #decideLater(row: OperationRow): Promise<void> {
    const done = pause(Math.max(0, row.due_at - Date.now())).then(() => {
      if (!this.#database.open) return
      this.#database.transaction(() => {
        this.#decide(row.key, JSON.parse(row.request) as OperationRequest)
      })()
      this.#waiting.delete(row.key)
      this.#webhooks.wake()
    })
    this.#waiting.set(row.key, done)
    return done
  }

  #decide(key: string, request: OperationRequest): void {
    const decision = this.#movements.perform(request)
    const status = decision.state === 'done' ? 201 : decision.status
    this.#database
      .prepare('update operation set state = ?, status = ?, answer = ? where key = ?')
      .run(decision.state, status, JSON.stringify(decision), key)
    this.#announce(key, request, decision)
  }

  #announce(key: string, request: OperationRequest, decision: Decision): void {
    const token = request.kind === 'authorize' ? this.#tokens.find(request.token) : undefined
    // The dead line is dead both ways: who wants to know must ask.
    if (token?.behaviour === 'dead') return
    const copies = this.#copies(request, token?.behaviour)
    const holdMs = request.kind === 'authorize' ? this.#times.holdAfterChargeMs : 0
    this.#webhooks.enqueue(key, request.kind, decision, copies, Date.now() + holdMs)
  }

  #copies(request: OperationRequest, behaviour: string | undefined): number {
    const of =
      request.kind === 'authorize'
        ? behaviour
        : this.#database
            .prepare<[string], string>(
              `select token.behaviour from authorization join token using (token) where id = ?`,
            )
            .pluck()
            .get(request.authorizationId)
    return of === 'duplicateWebhook' ? 3 : 1
  }

  #find(key: string): OperationRow | undefined {
    return this.#database
      .prepare<[string], OperationRow>('select * from operation where key = ?')
      .get(key)
  }
}

function answerOf(row: OperationRow, replayed: boolean): Answer {
  const { key, kind, state } = row
  const decision = JSON.parse(row.answer) as Partial<Record<string, unknown>>
  return { status: row.status, body: { ...decision, key, kind, state }, replayed }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
