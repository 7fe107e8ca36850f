/** What somebody shows beside the password, checked at the door. */
import type { AccountView, Proof } from '@quorail/booking-fsm'
import { findSecondFactor } from '@quorail/booking-fsm'
import { verifyPassword } from '../auth/passwords.ts'
import { recoveryHash } from '../auth/recovery-codes.ts'
import type { Seal } from '../auth/seal.ts'
import { stepOf } from '../auth/totp.ts'
import {
  loginThrottled,
  secondFactorUnavailable,
  wrongCode,
  wrongPassword,
} from '../errors/door-errors.ts'
import { refusalError } from '../errors/refusals.ts'
import type { NodeHost } from '../host/types.ts'
import type { ServiceDependencies } from './dependencies.ts'

type Doors = Pick<ServiceDependencies, 'host' | 'throttle' | 'seal'>

/** What a secret is sealed about. */
export const aboutFactor = (accountId: number): string => `second factor ${accountId}`

/** Whoever only holds a session does not know the password: guessing it is slowed down as at the login. */
export async function mustKnowPassword(
  { throttle }: Pick<Doors, 'throttle'>,
  account: AccountView,
  password: string,
): Promise<void> {
  const waitSeconds = throttle.waitSeconds(account.email)
  if (waitSeconds > 0) throw loginThrottled(waitSeconds)
  if (!(await verifyPassword(password, account.passwordHash))) {
    throttle.failed(account.email)
    throw wrongPassword()
  }
  throttle.succeeded(account.email)
}

/**
 * Whether the code is one of the account's now; that it has not counted before, the log decides. Guessing is
 * slowed down: `use` sends the command, and only when that was done the count of failures begins anew.
 */
export async function withProof<T>(
  { host, throttle, seal }: Doors,
  accountId: number,
  code: string,
  use: (proof: Proof) => Promise<T>,
): Promise<T> {
  const asked = `factor ${accountId}`
  const waitSeconds = throttle.waitSeconds(asked)
  if (waitSeconds > 0) throw loginThrottled(waitSeconds)
  throttle.failed(asked)
  const used = await use(proofOf(host, seal, accountId, code.trim()))
  throttle.succeeded(asked)
  return used
}

export function secretOf(host: NodeHost, seal: Seal | undefined, accountId: number): Buffer {
  const factor = findSecondFactor(host.state, accountId)
  if (factor === undefined) throw refusalError(noFactor)
  const secret = seal?.open(factor.sealedSecret, aboutFactor(accountId))
  if (secret === undefined) throw secondFactorUnavailable()
  return secret
}

function proofOf(host: NodeHost, seal: Seal | undefined, accountId: number, code: string): Proof {
  if (!/^[0-9]{6}$/.test(code)) return { step: 0, recoveryHash: recoveryHash(code) }
  const step = stepOf(secretOf(host, seal, accountId), code, host.nowMs())
  if (step === undefined) throw wrongCode()
  return { step, recoveryHash: '' }
}

const noFactor = {
  type: 'refused',
  code: 'secondFactorOff',
  seats: [],
  figure: 0,
  field: '',
} as const
