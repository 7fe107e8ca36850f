/** A node without anything behind its port: what the way in and out costs by itself. */
import http2 from 'node:http2'
import type { AddressInfo } from 'node:net'
import { create, toBinary } from '@bufbuild/protobuf'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import {
  BookingService,
  HoldSeatsResponseSchema,
} from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { CommandStreamService } from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'

const answer = create(HoldSeatsResponseSchema, { booking: { bookingId: 1n } })
const value = toBinary(HoldSeatsResponseSchema, answer)

const server = http2.createServer(
  connectNodeAdapter({
    routes(router) {
      router.service(BookingService, { holdSeats: () => answer })
      router.service(CommandStreamService, {
        async *streamCommands(frames) {
          yield { limits: { calls: 4_096, bytes: 4 * 2 ** 20 } }
          for await (const { calls } of frames)
            yield {
              results: calls.map(({ number }) => ({
                number,
                outcome: { case: 'response' as const, value },
              })),
            }
        },
      })
    },
  }),
)
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
process.on('disconnect', () => process.exit(0))
