import type { DoorLimits } from './door-limits.ts'
import type { HttpRequest, HttpResponse } from './handler.ts'

let bytesUnderWay = 0

/** Of all requests that are being read or worked on, in this process. */
export const requestBytesUnderWay = (): number => bytesUnderWay

/** So many more have come, or fewer are worked on; how many that makes. */
export function countBody(bytes: number): number {
  bytesUnderWay += bytes
  return bytesUnderWay
}

/**
 * Ends a request that is too slow, or that comes when too much is under way. What was sent of it is kept in memory
 * until it is whole, so all of it together has a limit as well as each one.
 */
export function limitBody(
  request: HttpRequest,
  response: HttpResponse,
  limits: Pick<DoorLimits, 'bodyMs' | 'bytesUnderWay'>,
): void {
  let bytes = 0
  const timer = setTimeout(() => end(request), limits.bodyMs)
  const push = request.push.bind(request)
  // Nothing else sees the bytes before Connect does without taking them from it.
  request.push = (chunk, encoding) => {
    const length = chunk === null ? 0 : (chunk as Uint8Array).length
    bytes += length
    if (countBody(length) > limits.bytesUnderWay) queueMicrotask(() => end(request))
    return push(chunk, encoding)
  }
  request.once('end', () => clearTimeout(timer))
  response.once('close', () => {
    clearTimeout(timer)
    countBody(-bytes)
    bytes = 0
  })
}

const enhanceYourCalm = 0x0b

function end(request: HttpRequest): void {
  if ('stream' in request && 'rstCode' in request.stream) request.stream.close(enhanceYourCalm)
  else request.socket.destroy()
}
