import { randomBytes } from 'node:crypto'
import type { Behaviour, TestCard } from './cards.ts'
import type { SandboxDatabase } from './database.ts'

export interface Token {
  readonly token: string
  readonly last4: string
  readonly brand: string
  readonly behaviour: Behaviour
}

export class Tokens {
  readonly #database: SandboxDatabase

  constructor(database: SandboxDatabase) {
    this.#database = database
  }

  make(card: TestCard): Token {
    const token: Token = {
      token: `tok_${randomBytes(18).toString('base64url')}`,
      last4: card.number.slice(-4),
      brand: card.brand,
      behaviour: card.behaviour,
    }
    this.#database
      .prepare(
        `insert into token (token, last4, brand, behaviour, created_at)
         values (@token, @last4, @brand, @behaviour, @createdAt)`,
      )
      .run({ ...token, createdAt: Date.now() })
    return token
  }

  find(token: string): Token | undefined {
    return this.#database
      .prepare<[string], Token>('select token, last4, brand, behaviour from token where token = ?')
      .get(token)
  }
}
