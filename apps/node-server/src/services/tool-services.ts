import { type DescService, fromBinary, toBinary } from '@bufbuild/protobuf'
import type { ConnectRouter } from '@connectrpc/connect'
import { Health } from '@quorail/proto/grpc/health/v1/health_pb'
import {
  ServerReflection,
  type ServerReflectionRequest,
  ServerReflectionRequestSchema,
  ServerReflectionResponseSchema,
} from '@quorail/proto/grpc/reflection/v1/reflection_pb'
import {
  type ServerReflectionRequest as OldRequest,
  ServerReflectionRequestSchema as OldRequestSchema,
  type ServerReflectionResponse as OldResponse,
  ServerReflectionResponseSchema as OldResponseSchema,
  ServerReflection as ServerReflectionAlpha,
} from '@quorail/proto/grpc/reflection/v1alpha/reflection_pb'
import type { NodeHost } from '../host/types.ts'
import { createHealthService } from './health-service.ts'
import { createDescriptorBook, type DescriptorBook } from './reflection/descriptor-book.ts'
import { answerReflection } from './reflection/reflection-service.ts'

/** What tools ask of any gRPC server, beside the services of `routes`: is it well, and what has it? */
export function withToolServices(
  host: Pick<NodeHost, 'status' | 'onChange'>,
  routes: (router: ConnectRouter) => void,
): (router: ConnectRouter) => void {
  return (router) => {
    const services: DescService[] = [Health, ServerReflection, ServerReflectionAlpha]
    routes(noting(router, services))
    const book = createDescriptorBook(services)
    router.service(
      Health,
      createHealthService(
        host,
        services.map(({ typeName }) => typeName),
      ),
    )
    router.service(ServerReflection, {
      serverReflectionInfo: (questions) => answerReflection(book, questions),
    })
    router.service(ServerReflectionAlpha, {
      serverReflectionInfo: (questions) => answerOldReflection(book, questions),
    })
  }
}

/** The same messages under an older name: most tools ask for both, some only for this one. */
async function* answerOldReflection(
  book: DescriptorBook,
  questions: AsyncIterable<OldRequest>,
): AsyncGenerator<OldResponse> {
  async function* asNew(): AsyncGenerator<ServerReflectionRequest> {
    for await (const one of questions)
      yield fromBinary(ServerReflectionRequestSchema, toBinary(OldRequestSchema, one))
  }
  for await (const answer of answerReflection(book, asNew()))
    yield fromBinary(OldResponseSchema, toBinary(ServerReflectionResponseSchema, answer))
}

function noting(router: ConnectRouter, services: DescService[]): ConnectRouter {
  return {
    handlers: router.handlers,
    service(descriptor, implementation, options) {
      services.push(descriptor)
      router.service(descriptor, implementation, options)
      return this
    },
    rpc(method, implementation, options) {
      router.rpc(method, implementation, options)
      return this
    },
  }
}
