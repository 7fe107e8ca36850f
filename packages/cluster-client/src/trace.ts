import { newRequestId } from './request-id.ts'

/** One trace for all attempts, so that it is found in the logs of every node that was asked. The caller's own counts. */
export function withTrace(header: HeadersInit | undefined): Headers {
  const headers = new Headers(header)
  if (!headers.has('traceparent'))
    headers.set('traceparent', `00-${newRequestId()}-${newRequestId().slice(16)}-01`)
  return headers
}
