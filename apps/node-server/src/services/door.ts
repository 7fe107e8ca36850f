import type { DescMethod, Message } from '@bufbuild/protobuf'
import type { Interceptor } from '@connectrpc/connect'
import { admit, createAccessInterceptor } from '../auth/access-interceptor.ts'
import type { Principal } from '../auth/principal.ts'
import {
  createRateGate,
  createRateInterceptor,
  noRateLimits,
  type RateLimits,
} from '../auth/rate-interceptor.ts'
import type { NodeHost } from '../host/types.ts'
import { createForwardInterceptor } from '../reads/forward-interceptor.ts'
import { createReadInterceptor } from '../reads/read-interceptor.ts'
import {
  createRequestCheck,
  createValidationInterceptor,
  type RequestCheck,
} from './validation-interceptor.ts'

/** What stands between a caller and a service, whichever way a call comes in. */
export interface Door {
  /** For calls that come one by one. */
  readonly interceptors: Interceptor[]
  /** Throws for a message that breaks a rule of its schema. */
  readonly mustBeValid: RequestCheck
  /** For those that come in a stream: throws what the interceptors would. */
  enter(
    method: DescMethod,
    message: Message,
    principal: Principal | undefined,
    address: string,
  ): void
}

/** In this order: is the request well-formed, may the caller do it here, and so often. */
export function createDoor(host: NodeHost, limits: RateLimits = noRateLimits): Door {
  const mustBeValid = createRequestCheck()
  const gate = createRateGate(limits, () => host.nowMs())
  return {
    mustBeValid,
    interceptors: [
      createValidationInterceptor(mustBeValid),
      createForwardInterceptor(host),
      createAccessInterceptor(host),
      createReadInterceptor(host),
      createRateInterceptor(gate),
    ],
    enter(method, message, principal, address) {
      mustBeValid(method.input, message)
      admit(host, method.parent.typeName, method.name, principal)
      gate.pass(method.name, principal, address)
    },
  }
}
