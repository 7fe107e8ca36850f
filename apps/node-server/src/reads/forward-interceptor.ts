import { ConnectError, type Interceptor, type Transport } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { OutcomeUnknownError } from '@quorail/raft-core'
import { policies } from '../auth/policies.ts'
import { raftFailure } from '../errors/raft-failures.ts'
import type { NodeHost } from '../host/types.ts'
import { restOfDeadlineMs } from './call-deadline.ts'

/** Set by a caller that can reach this node only, or does not want to look for the leader itself. */
export const forwardHeader = 'quorail-forward'

/** What goes along; the rest is between the caller and this node. */
const headersOnward = ['authorization', 'cookie', 'traceparent', 'quorail-client']

/** What the answer's protocol needs, and Connect has set for the handler that is not asked here. */
function protocolHeaders(asked: Headers): Headers {
  const type = asked.get('content-type') ?? 'application/json'
  const headers = new Headers({ 'content-type': type })
  if (!isGrpc(asked)) return headers
  const accepted = asked.get('grpc-accept-encoding') || asked.get('grpc-encoding')
  const encodings = (accepted ?? '').split(',').map((one) => one.trim())
  const encoding = encodings.find((one) => one === 'gzip' || one === 'br')
  if (encoding !== undefined) headers.set('grpc-encoding', encoding)
  return headers
}

const protocolTrailers = (asked: Headers): Headers =>
  new Headers(isGrpc(asked) ? { 'grpc-status': '0' } : {})

const isGrpc = (asked: Headers): boolean =>
  asked.get('content-type')?.startsWith('application/grpc') === true

/**
 * Passes a call that only the leader answers on to the leader, once: a node that was asked for another one and does not
 * lead either says so. What is left of the caller's time goes along, so that the leader proposes nothing for which nobody
 * waits any more.
 */
export function createForwardInterceptor(
  host: NodeHost,
  open: (url: string) => Transport = (baseUrl) =>
    createConnectTransport({ baseUrl, httpVersion: '1.1' }),
): Interceptor {
  const transports = new Map<string, Transport>()
  const to = (url: string): Transport => {
    const transport = transports.get(url) ?? open(url)
    transports.set(url, transport)
    return transport
  }
  return (next) => async (request) => {
    const name = `${request.service.typeName}/${request.method.name}`
    const isForLeader = policies[name]?.where === 'leader' && !host.showsWhatIsTrue()
    const leader = host.leader()
    const isAsked = request.header.get(forwardHeader) === '1' && host.divergence() !== 'minority'
    if (request.stream || !isForLeader || !isAsked || leader === undefined || leader.id === host.id)
      return next(request)
    const restMs = restOfDeadlineMs(request)
    const header = new Headers()
    for (const one of headersOnward) {
      const value = request.header.get(one)
      if (value !== null) header.set(one, value)
    }
    try {
      const { method, signal, message } = request
      const { header: received, ...answer } = await to(leader.clientUrl).unary(
        method,
        signal,
        restMs,
        header,
        message,
      )
      const shown = protocolHeaders(request.header)
      for (const cookie of received.getSetCookie()) shown.append('set-cookie', cookie)
      return { ...answer, header: shown, trailer: protocolTrailers(request.header) }
    } catch (reason) {
      const error = ConnectError.from(reason)
      const [detail] = error.findDetails(ErrorDetailSchema)
      // The leader's own words; or it has gone with the question, and nobody knows how far it came.
      if (detail === undefined) throw raftFailure(new OutcomeUnknownError('timeout', 0, 0), leader)
      throw new ConnectError(
        error.rawMessage,
        error.code,
        undefined,
        error.details as never,
        reason,
      )
    }
  }
}
