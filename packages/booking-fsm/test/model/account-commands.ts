import type { CloseSession, Entry, OpenSession, RegisterAccount, Reply } from '../../src/index.ts'
import { roleOf } from './caller.ts'
import { refuse } from './refuse.ts'
import { checkId, checkInt, checkPattern, checkText, hash64 } from './shapes.ts'
import type { ModelAccount, World } from './world.ts'

export function registerAccount(world: World, entry: Entry, command: RegisterAccount): Reply {
  const { email, displayName, passwordHash, role } = command
  checkText(email, 3, 254, 'email')
  const parts = email.split('@')
  if (parts.length !== 2 || parts.includes('') || /[A-Z ]/.test(email)) {
    refuse('invalidField', { field: 'email' })
  }
  checkText(displayName, 1, 200, 'displayName')
  checkText(passwordHash, 1, 512, 'passwordHash')
  if (!['passenger', 'agent', 'staff', 'operator'].includes(role))
    refuse('invalidField', { field: 'role' })
  if (role !== 'passenger' && !['operator', 'cluster'].includes(roleOf(world, entry))) {
    refuse('notAllowed', { field: 'role' })
  }
  if (world.accounts.some((it) => it.email === email && it.role !== 'guest')) {
    refuse('emailTaken', { field: 'email' })
  }
  const id = world.accounts.length + 1
  const fresh = {
    closed: false,
    erased: false,
    toErase: [],
    reset: undefined,
    saved: [],
    factor: undefined,
  }
  world.accounts.push({ id, email, displayName, passwordHash, role, ...fresh })
  return { type: 'accountRegistered', accountId: id }
}

export function openSession(world: World, entry: Entry, command: OpenSession): Reply {
  const { accountId, tokenHash } = command
  checkSession(command)
  if (mayOpenFor(world, entry, accountId).factor?.enabled) refuse('secondFactorNeeded')
  const taken = world.sessions.some((s) => s.tokenHash === tokenHash && s.expiresAt > world.now)
  if (taken) refuse('invalidField', { field: 'tokenHash' })
  keepSession(world, command)
  return { type: 'done' }
}

type Asked = Pick<OpenSession, 'accountId' | 'tokenHash' | 'ttlMs'>

export function checkSession({ accountId, tokenHash, ttlMs }: Asked): void {
  checkId(accountId, 'accountId')
  checkPattern(tokenHash, hash64, 'tokenHash')
  checkInt(ttlMs, 1, 31_622_400_000, 'ttlMs')
}

export function mayOpenFor(world: World, entry: Entry, accountId: number): ModelAccount {
  if (entry.actor > 0 && entry.actor !== accountId) refuse('notAllowed')
  const account = world.accounts.find((it) => it.id === accountId)
  if (account === undefined) refuse('accountNotFound', { field: 'accountId' })
  if (account.closed) refuse('accountClosed')
  return account
}

export function keepSession(world: World, { accountId, tokenHash, ttlMs }: Asked): void {
  world.sessions = world.sessions.filter((session) => session.tokenHash !== tokenHash)
  world.sessions.push({ tokenHash, accountId, expiresAt: world.now + ttlMs })
}

export function closeSession(world: World, entry: Entry, command: CloseSession): Reply {
  checkPattern(command.tokenHash, hash64, 'tokenHash')
  const session = world.sessions.find((s) => s.tokenHash === command.tokenHash)
  const wrongHands = entry.actor > 0 && entry.actor !== session?.accountId
  if (session === undefined || session.expiresAt <= world.now || wrongHands) {
    refuse('sessionNotFound')
  }
  world.sessions = world.sessions.filter((other) => other !== session)
  return { type: 'done' }
}
