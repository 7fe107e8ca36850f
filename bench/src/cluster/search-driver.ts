import { fromBinary } from '@bufbuild/protobuf'
import { SearchConnectionsResponseSchema } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import type { Driver } from './drivers.ts'
import { RawHttp2 } from './raw-http2.ts'

/** One unary call for a search, to one node, whoever leads. */
export interface SearchTarget {
  readonly kind: 'search'
  readonly url: string
  /** Encoded requests, in base64. */
  readonly questions: readonly string[]
}

/** Every so many answers are decoded: all of them would keep the caller busier than the node. */
const looksAt = 64

export async function openSearch({ url, questions }: SearchTarget): Promise<Driver> {
  const requests = questions.map((text) => Buffer.from(text, 'base64'))
  const raw = await RawHttp2.open(url, {
    ':method': 'POST',
    ':scheme': 'http',
    ':authority': new URL(url).host,
    ':path': '/quorail.booking.v1.TimetableService/SearchConnections',
    'content-type': 'application/proto',
    'connect-protocol-version': '1',
  })
  let turn = 0
  return {
    start(done) {
      const at = turn++
      raw.request(requests[at % requests.length] as Buffer, (error, body) => {
        if (error === undefined && at % looksAt === 0) done(notAnswered(body))
        else done(error)
      })
    },
    close: async () => raw.close(),
  }
}

function notAnswered(body: Buffer): Error | undefined {
  const { from } = fromBinary(SearchConnectionsResponseSchema, body)
  return from === undefined ? new Error('an answer without a station') : undefined
}
