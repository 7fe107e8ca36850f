import { createContextKey, type Interceptor } from '@connectrpc/connect'
import type { AccountRole } from '@quorail/booking-fsm'
import { rateLimited } from '../errors/door-errors.ts'
import { type Principal, principalKey } from './principal.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'

/** Where the caller's connection comes from; '' when it has none, as in tests. */
export const callerAddressKey = createContextKey('', { description: 'where the caller is' })

export interface RateLimits {
  /** Holds and draws' entries in a minute, of one account; 0: no limit. */
  readonly holdsPerMinute: number
  /** Searches in a minute, of one account or, without one, of one address; 0: no limit. */
  readonly searchesPerMinute: number
}

export const noRateLimits: RateLimits = { holdsPerMinute: 0, searchesPerMinute: 0 }

export interface RateGate {
  /** Throws when this caller has asked for too much lately; otherwise it counts. */
  pass(method: string, principal: Principal | undefined, address: string): void
}

/**
 * Slows down who asks for more than a person can use, so that the opening hour is not to the fastest
 * program. Staff are let through. Behind the access interceptor, which knows who calls.
 */
export function createRateInterceptor(gate: RateGate): Interceptor {
  return (next) => (request) => {
    const { contextValues, method } = request
    gate.pass(method.name, contextValues.get(principalKey), contextValues.get(callerAddressKey))
    return next(request)
  }
}

export function createRateGate(limits: RateLimits, nowMs: () => number): RateGate {
  const make = (perMinute: number): RateLimit | undefined =>
    perMinute === 0
      ? undefined
      : createRateLimit({ perMinute, burst: Math.max(1, Math.ceil(perMinute / 4)), nowMs })
  const holds = make(limits.holdsPerMinute)
  const searches = make(limits.searchesPerMinute)
  const vouchers = createRateLimit({ perMinute: VOUCHERS_PER_MINUTE, burst: 10, nowMs })
  const limitOf = (method: string): RateLimit | undefined => {
    if (holding.has(method)) return holds
    if (searching.has(method)) return searches
    return guessing.has(method) ? vouchers : undefined
  }
  return {
    pass(method, principal, address) {
      const limit = limitOf(method)
      const account = principal?.account
      // A code can be guessed by everybody.
      const isFree = limit !== vouchers && isSeller(account?.role)
      if (limit === undefined || isFree) return
      // One can be as many guests as one likes.
      const known = account !== undefined && account.role !== 'guest'
      const who = known ? `account ${account.accountId}` : `address ${address}`
      const seconds = limit.waitSeconds(who)
      if (seconds > 0) throw rateLimited(seconds)
    },
  }
}

function isSeller(role: AccountRole | undefined): boolean {
  return role === 'agent' || role === 'staff' || role === 'operator'
}

const guessing: ReadonlySet<string> = new Set(['ApplyVoucher'])
/** Nobody has so many codes, and who guesses must not try many. */
const VOUCHERS_PER_MINUTE = 6
const holding: ReadonlySet<string> = new Set(['HoldSeats', 'HoldTrip', 'EnterDraw', 'OpenGuest'])
const searching: ReadonlySet<string> = new Set([
  'SearchStations',
  'SearchJourneys',
  'SearchConnections',
  'FindAlternatives',
  'GetFareCalendar',
  'QuoteFares',
  'GetSeatMap',
])
