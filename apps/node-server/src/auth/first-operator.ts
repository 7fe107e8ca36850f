import { readFileSync, statSync } from 'node:fs'
import { findAccountByEmail, hasStaff } from '@quorail/booking-fsm'
import type { LeaderJob } from '../host/leader-work.ts'
import type { NodeHost } from '../host/types.ts'
import { hashPassword } from './passwords.ts'

export interface FirstOperatorOptions {
  readonly host: NodeHost
  /** Read only when it is needed: it may be deleted afterwards. */
  readonly file: string
  readonly log: { info(message: string): void; warn(message: string): void }
}

/** As everybody's who registers. */
const passwordLeast = 8

/** Who registers is a passenger; the first who is more, a new cluster takes from a file. */
export function firstOperator({ host, file, log }: FirstOperatorOptions): LeaderJob {
  return async () => {
    if (hasStaff(host.state)) return
    const { email, password } = readLogin(file)
    if (findAccountByEmail(host.state, email) !== undefined)
      throw new Error(`${email} is a passenger already: name another email in ${file}`)
    if ((statSync(file).mode & 0o077) !== 0)
      log.warn(`${file} holds a password and is open to other users of this machine: chmod 600`)
    const passwordHash = await hashPassword(password)
    const { reply } = await host.submit({
      actor: 0,
      key: undefined,
      command: {
        type: 'registerAccount',
        email,
        displayName: 'Operator',
        passwordHash,
        role: 'operator',
      },
    })
    if (reply.type === 'refused')
      throw new Error(`the first operator was refused: ${reply.code} ${reply.field}`)
    log.info(`the first operator is registered; ${file} is not needed any more`)
  }
}

function readLogin(file: string): { readonly email: string; readonly password: string } {
  const { email, password } = parse(readFileSync(file, 'utf8'))
  if (typeof email !== 'string' || typeof password !== 'string')
    throw new Error(`${file} names no operator; it looks like {"email": "…", "password": "…"}`)
  if (password.length < passwordLeast)
    throw new Error(`the password in ${file} has fewer than ${passwordLeast} characters`)
  return { email: email.trim().toLowerCase(), password }
}

/** JSON.parse quotes what it can not read, and its errors are logged: a password must not be in them. */
function parse(text: string): { readonly email?: unknown; readonly password?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {}
  } catch {
    return {}
  }
}
