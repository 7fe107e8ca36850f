import { Code, ConnectError, type HandlerContext } from '@connectrpc/connect'
import { unreadableRequest } from '../errors/door-errors.ts'

/**
 * A gate for all requests, which none is held up at: from there on a body that is no message of its method ends as an error
 * for people, over every protocol. Connect reads bodies before the interceptors, calls a malformed one `internal`, and says
 * nothing more; but it tells the call's context of an error before it writes it.
 */
export function explainUnreadable(context: HandlerContext): void {
  const controlled = context as HandlerContext & { abort?: (reason?: unknown) => void }
  const { abort } = controlled
  controlled.abort = (reason) => {
    if (reason instanceof ConnectError) explain(reason)
    abort?.(reason)
  }
}

/** Errors of our own have details; those that another node has answered with are its. */
function explain(error: ConnectError): void {
  if (error.details.length > 0 || error.isWireError) return
  const isUnreadable =
    error.code === Code.InvalidArgument ||
    (error.code === Code.Internal && error.rawMessage.startsWith('parse binary:'))
  if (!isUnreadable) return
  const { code, message, rawMessage, details } = unreadableRequest(error)
  Object.assign(error, { code, message, rawMessage, details })
}
