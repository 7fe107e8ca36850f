import { randomBytes } from 'node:crypto'
import type { SandboxDatabase } from './database.ts'
import type { Tokens } from './tokens.ts'

/** What a server asks the provider to do. Stored with its key until it is decided, and after. */
export type OperationRequest =
  | {
      readonly kind: 'authorize'
      readonly token: string
      readonly amountMinor: number
      readonly currency: string
      readonly reference: string
    }
  | { readonly kind: 'capture' | 'void'; readonly authorizationId: string }
  | { readonly kind: 'refund'; readonly authorizationId: string; readonly amountMinor: number }

/** How it went: definite, and for ever. */
export type Decision =
  | { readonly state: 'done'; readonly providerReference: string; readonly reference: string }
  | {
      readonly state: 'refused'
      readonly status: number
      readonly reason: string
      readonly message: string
      readonly reference: string
    }

interface AuthorizationRow {
  readonly id: string
  readonly amount_minor: number
  readonly reference: string
  readonly state: 'authorized' | 'declined' | 'captured' | 'voided'
  readonly refunded_minor: number
}

/** Moves the money. Each method runs inside the transaction that records the operation. */
export class Movements {
  readonly #database: SandboxDatabase
  readonly #tokens: Tokens

  constructor(database: SandboxDatabase, tokens: Tokens) {
    this.#database = database
    this.#tokens = tokens
  }

  perform(request: OperationRequest): Decision {
    if (request.kind === 'authorize') return this.#authorize(request)
    const found = this.#find(request.authorizationId)
    if (found === undefined) {
      return refuse('', 404, 'authorization_not_found', 'There is no such authorization.')
    }
    if (request.kind === 'refund') return this.#refund(found, request.amountMinor)
    return this.#settle(found, request.kind)
  }

  #authorize(request: OperationRequest & { readonly kind: 'authorize' }): Decision {
    const { reference } = request
    const token = this.#tokens.find(request.token)
    if (token === undefined) {
      return refuse(reference, 404, 'token_not_found', 'There is no such token.')
    }
    const declined = token.behaviour === 'decline'
    const id = newId('auth')
    this.#database
      .prepare(
        `insert into authorization (id, token, amount_minor, currency, reference, state, created_at)
         values (?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        ...[id, request.token, request.amountMinor, request.currency, reference],
        declined ? 'declined' : 'authorized',
        Date.now(),
      )
    if (declined) return refuse(reference, 402, 'card_declined', 'The card was declined.')
    return { state: 'done', providerReference: id, reference }
  }

  #settle(found: AuthorizationRow, kind: 'capture' | 'void'): Decision {
    if (found.state !== 'authorized') {
      return refuse(
        found.reference,
        409,
        `authorization_${found.state}`,
        `The authorization is ${found.state} already.`,
      )
    }
    const after = kind === 'capture' ? 'captured' : 'voided'
    this.#database.prepare('update authorization set state = ? where id = ?').run(after, found.id)
    return this.#record(found, kind, found.amount_minor)
  }

  #refund(found: AuthorizationRow, amountMinor: number): Decision {
    if (found.state !== 'captured') {
      return refuse(found.reference, 409, 'not_captured', 'Only captured money can be refunded.')
    }
    if (found.refunded_minor + amountMinor > found.amount_minor) {
      return refuse(found.reference, 409, 'refund_too_large', 'More than was paid.')
    }
    this.#database
      .prepare('update authorization set refunded_minor = refunded_minor + ? where id = ?')
      .run(amountMinor, found.id)
    return this.#record(found, 'refund', amountMinor)
  }

  #record(found: AuthorizationRow, kind: string, amountMinor: number): Decision {
    const id = newId(kind === 'capture' ? 'cap' : kind === 'void' ? 'void' : 'ref')
    this.#database
      .prepare(
        `insert into movement (id, authorization_id, kind, amount_minor, created_at)
         values (?, ?, ?, ?, ?)`,
      )
      .run(id, found.id, kind, amountMinor, Date.now())
    return { state: 'done', providerReference: id, reference: found.reference }
  }

  /** Refunds may name the capture or the authorization. */
  #find(id: string): AuthorizationRow | undefined {
    return this.#database
      .prepare<[string, string], AuthorizationRow>(
        `select id, amount_minor, reference, state, refunded_minor from authorization
         where id = ? or id = (select authorization_id from movement where id = ? and kind = 'capture')`,
      )
      .get(id, id)
  }
}

function refuse(reference: string, status: number, reason: string, message: string): Decision {
  return { state: 'refused', status, reason, message, reference }
}

function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('base64url')}`
}
