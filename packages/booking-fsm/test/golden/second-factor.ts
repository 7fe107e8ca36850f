import type { Command } from '../../src/index.ts'

export interface ByPerson {
  readonly actor: number
  readonly command: Command
}

const tokenHash = 'f'.repeat(64)
const recoveryHashes = ['a'.repeat(64), 'b'.repeat(64)]

/** With a second factor on an account; the accounts behind it are two operators. */
export function withSecondFactor(
  accountId: number,
  ...then: readonly (Command | ByPerson)[]
): readonly (Command | ByPerson)[] {
  const operator = (name: string): Command => ({
    type: 'registerAccount',
    email: `golden-${name}${accountId}@valdoria.example`,
    displayName: 'Gold',
    passwordHash: 'scrypt$1',
    role: 'operator',
  })
  const own = (command: Command): ByPerson => ({ actor: accountId, command })
  return [
    { type: 'setSecondFactorRule', validFromMs: 0, roles: [] },
    operator('a'),
    operator('b'),
    own({ type: 'beginSecondFactor', sealedSecret: 'sealed' }),
    own({ type: 'enableSecondFactor', step: 1, recoveryHashes, keepTokenHash: '' }),
    ...then,
  ]
}

export const openSecured = (accountId: number): Command => ({
  type: 'openSecuredSession',
  accountId,
  tokenHash,
  ttlMs: 60_000,
  step: 2,
  recoveryHash: '',
})
