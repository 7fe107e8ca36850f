import { hash, randomBytes } from 'node:crypto'
import { type BookingState, findAccount, findSession } from '@quorail/booking-fsm'
import type { Principal } from './principal.ts'

export const sessionTtlMs = 30 * 24 * 3_600_000
export const sessionCookie = 'quorail_session'

/** 256 random bits. The log and the database only ever see its hash. */
export const newSessionToken = (): string => randomBytes(32).toString('base64url')

export const tokenHash = (token: string): string => hash('sha256', token, 'hex')

/** The token a request carries: `Authorization: Bearer` for programs, the cookie for browsers. */
export const tokenOf = (headers: Headers): string | undefined =>
  tokenIn(headers.get('authorization'), headers.get('cookie'))

/** The same, by what its headers say. */
export function tokenIn(
  authorization: string | null | undefined,
  cookies: string | null | undefined,
): string | undefined {
  const bearer = bearerToken.exec(authorization ?? '')
  return (bearer ?? cookieToken.exec(cookies ?? ''))?.[1]
}

const bearerToken = /^Bearer ([A-Za-z0-9_-]{20,100})$/
const cookieToken = new RegExp(`(?:^|;\\s*)${sessionCookie}=([A-Za-z0-9_-]{20,100})(?:;|$)`)

export function principalOf(
  state: BookingState,
  headers: Headers,
  nowMs: number,
): Principal | undefined {
  const token = tokenOf(headers)
  return token === undefined ? undefined : principalOfToken(state, token, nowMs)
}

export function principalOfToken(
  state: BookingState,
  token: string,
  nowMs: number,
): Principal | undefined {
  return principalOfSession(state, tokenHash(token), nowMs)
}

/** Whose the session is; undefined when it has ended. */
export function principalOfSession(
  state: BookingState,
  sessionHash: string,
  nowMs: number,
): Principal | undefined {
  const session = findSession(state, sessionHash, nowMs)
  if (session === undefined) return undefined
  const account = findAccount(state, session.accountId)
  return account === undefined ? undefined : { account, sessionHash }
}

/** Valid for all nodes of the site: cookies know no ports. No `Secure` on plain loopback. */
export function sessionCookieHeader(token: string, secure: boolean): string {
  const maxAge = Math.floor(sessionTtlMs / 1000)
  return `${sessionCookie}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure ? '; Secure' : ''}`
}

export const clearedCookieHeader = `${sessionCookie}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`
