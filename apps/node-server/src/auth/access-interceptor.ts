import type { Interceptor } from '@connectrpc/connect'
import { needsSecondFactor } from '@quorail/booking-fsm'
import { notAllowed, notLoggedIn } from '../errors/door-errors.ts'
import { notLeaderError, stateDiverged } from '../errors/raft-failures.ts'
import { refusalError } from '../errors/refusals.ts'
import type { NodeHost } from '../host/types.ts'
import { type Policy, policies } from './policies.ts'
import { isStaff, type Principal, principalKey } from './principal.ts'
import { principalOf } from './sessions.ts'

/** Lets a call in by its declared policy, and notes who is calling. */
export function createAccessInterceptor(host: NodeHost): Interceptor {
  return (next) => (request) => {
    const principal = principalOf(host.state, request.header, host.nowMs())
    admit(host, request.service.typeName, request.method.name, principal)
    request.contextValues.set(principalKey, principal)
    return next(request)
  }
}

/** Throws unless the method's declared policy lets this caller in, here and now. */
export function admit(
  host: NodeHost,
  service: string,
  method: string,
  principal: Principal | undefined,
): void {
  const name = `${service}/${method}`
  const policy = policies[name]
  if (policy === undefined) throw new Error(`${name} has no policy`)
  if (policy.where !== 'itself' && host.divergence() === 'minority') throw stateDiverged('minority')
  if (policy.where === 'leader' && !host.showsWhatIsTrue()) {
    throw notLeaderError(host.leader(), hasNoQuorum(host))
  }
  if (policy.who !== 'everybody' && principal === undefined) throw notLoggedIn()
  const { role } = principal?.account ?? {}
  if (policy.who === 'seller' && role !== 'agent' && !isStaff(role)) throw notAllowed('an agent')
  if (principal !== undefined && isKeptOut(host, policy, principal, service))
    throw refusalError(noFactor)
  if (policy.who === 'staff' && !isStaff(role)) throw notAllowed('staff')
}

/** Who needs a second factor and has none sees to that, and to nothing else that is not for everybody. */
function isKeptOut(
  host: NodeHost,
  policy: Policy,
  { account }: Principal,
  service: string,
): boolean {
  const own = policy.who === 'passenger' && ownServices.has(service)
  if (policy.who === 'everybody' || own) return false
  return needsSecondFactor(host.state, account.accountId, host.nowMs())
}
const ownServices: ReadonlySet<string> = new Set([
  'quorail.booking.v1.AccountService',
  'quorail.booking.v1.SecondFactorService',
])
const noFactor = {
  type: 'refused',
  code: 'secondFactorRequired',
  seats: [],
  figure: 0,
  field: '',
} as const

/** No leader, and this node asks in vain whether it would be elected: most likely too few are up. */
function hasNoQuorum(host: NodeHost): boolean {
  const { role } = host.status()
  return role === 'preCandidate' || role === 'candidate'
}
