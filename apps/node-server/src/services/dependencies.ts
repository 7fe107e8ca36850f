import { hash } from 'node:crypto'
import type { DescMessage, MessageShape } from '@bufbuild/protobuf'
import type { HandlerContext } from '@connectrpc/connect'
import type { Command, Reply, RequestKey } from '@quorail/booking-fsm'
import type { LoginThrottle } from '../auth/login-throttle.ts'
import { type Principal, principalKey } from '../auth/principal.ts'
import type { Seal } from '../auth/seal.ts'
import { notLoggedIn } from '../errors/door-errors.ts'
import { raftFailure } from '../errors/raft-failures.ts'
import type { NodeHost } from '../host/types.ts'
import type { ReportReader } from '../reports/report-reader.ts'
import type { TicketSigner } from '../tickets/ticket-signer.ts'
import { bytesOf } from '../wire/message-writer.ts'
import { carryOut, planned } from './plan.ts'

/** What the services are built from. */
export interface ServiceDependencies {
  readonly host: NodeHost
  readonly throttle: LoginThrottle
  /** Browsers reach the nodes by TLS, so that cookies may say `Secure`. */
  readonly secureCookies: boolean
  /** What tickets are signed with; without one they have a number and no code. */
  readonly ticketSigner?: TicketSigner | undefined
  /** What reads the database; absent in tests without one. */
  readonly reports?: ReportReader | undefined
  /** What secrets in the log are sealed with; without one nobody sets up a second factor. */
  readonly seal?: Seal | undefined
}

/** The caller of an RPC whose policy asks for a session. */
export function callerOf(context: HandlerContext): Principal {
  const principal = context.values.get(principalKey)
  if (principal === undefined) throw notLoggedIn()
  return principal
}

/**
 * Names a request of an account. Its content is the request as the client sent it, so that the same
 * id with anything else in it is noticed.
 */
export function requestKey<Desc extends DescMessage>(
  principal: string,
  method: string,
  requestId: string,
  schema: Desc,
  content: MessageShape<Desc>,
): RequestKey {
  const contentHash = hash('sha256', bytesOf(schema, content), 'hex')
  return { principal, method, requestId, contentHash }
}

export const accountPrincipal = (accountId: number): string => `a:${accountId}`

/** Puts a command into the log; a refusal or a failure of consensus becomes the service's error. */
export async function submit<Type extends Reply['type']>(
  host: NodeHost,
  actor: number,
  key: RequestKey | undefined,
  command: Command,
  expected: Type,
): Promise<{ reply: Extract<Reply, { type: Type }>; index: number }> {
  return carryOut(
    host,
    planned({ actor, key, command }, expected, (reply, index) => ({ reply, index })),
  )
}

/** Waits until the state in memory is as new as now: for everything that must not be stale. */
export async function settleRead(host: NodeHost): Promise<void> {
  await host.settleRead().catch((error: unknown) => {
    throw raftFailure(error, host.leader())
  })
}
