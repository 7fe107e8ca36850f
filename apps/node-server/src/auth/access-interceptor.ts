import type { Interceptor } from '@connectrpc/connect'
import { notAllowed, notLoggedIn } from '../errors/door-errors.ts'
import { notLeaderError, stateDiverged } from '../errors/raft-failures.ts'
import type { NodeHost } from '../host/types.ts'
import { policies } from './policies.ts'
import { isStaff, principalKey } from './principal.ts'
import { principalOf } from './sessions.ts'

/** Lets a call in by its declared policy, and notes who is calling. */
export function createAccessInterceptor(host: NodeHost): Interceptor {
  return (next) => (request) => {
    const name = `${request.service.typeName}/${request.method.name}`
    const policy = policies[name]
    if (policy === undefined) throw new Error(`${name} has no policy`)
    if (policy.where !== 'itself' && host.divergence() === 'minority')
      throw stateDiverged('minority')
    if (policy.where === 'leader' && !host.showsWhatIsTrue()) {
      throw notLeaderError(host.leader(), hasNoQuorum(host))
    }
    const principal = principalOf(host.state, request.header, host.nowMs())
    if (policy.who !== 'everybody' && principal === undefined) throw notLoggedIn()
    const { role } = principal?.account ?? {}
    if (policy.who === 'seller' && role !== 'agent' && !isStaff(role)) throw notAllowed('an agent')
    if (policy.who === 'staff' && !isStaff(role)) throw notAllowed('staff')
    request.contextValues.set(principalKey, principal)
    return next(request)
  }
}

/** No leader, and this node asks in vain whether it would be elected: most likely too few are up. */
function hasNoQuorum(host: NodeHost): boolean {
  const { role } = host.status()
  return role === 'preCandidate' || role === 'candidate'
}
