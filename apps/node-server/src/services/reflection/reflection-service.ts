import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { Code } from '@connectrpc/connect'
import {
  type ServerReflectionRequest,
  type ServerReflectionResponse,
  ServerReflectionResponseSchema,
} from '@quorail/proto/grpc/reflection/v1/reflection_pb'
import type { DescriptorBook } from './descriptor-book.ts'

type Answer = MessageInitShape<typeof ServerReflectionResponseSchema>['messageResponse'] & object

/** gRPC's server reflection: what grpcurl and its like build their messages from. A question without an answer is one, too. */
export async function* answerReflection(
  book: DescriptorBook,
  questions: AsyncIterable<ServerReflectionRequest>,
): AsyncGenerator<ServerReflectionResponse> {
  for await (const question of questions)
    yield create(ServerReflectionResponseSchema, {
      validHost: question.host,
      originalRequest: question,
      messageResponse: answerTo(book, question),
    })
}

function answerTo(
  book: DescriptorBook,
  { messageRequest: asked }: ServerReflectionRequest,
): Answer {
  switch (asked.case) {
    case 'listServices':
      return services(book)
    case 'fileByFilename':
      return files(book.byName(asked.value), `file ${asked.value}`)
    case 'fileContainingSymbol':
      return files(book.bySymbol(asked.value), `symbol ${asked.value}`)
    case 'fileContainingExtension': {
      const { containingType, extensionNumber } = asked.value
      const found = book.byExtension(containingType, extensionNumber)
      return files(found, `extension ${extensionNumber} of ${containingType}`)
    }
    case 'allExtensionNumbersOfType':
      return extensions(book, asked.value)
    default:
      return failure(Code.InvalidArgument, 'the question is empty')
  }
}

const services = (book: DescriptorBook): Answer => ({
  case: 'listServicesResponse',
  value: { service: book.services.map((name) => ({ name })) },
})

function files(found: readonly Uint8Array[] | undefined, what: string): Answer {
  if (found === undefined) return failure(Code.NotFound, `there is no ${what}`)
  return { case: 'fileDescriptorResponse', value: { fileDescriptorProto: [...found] } }
}

function extensions(book: DescriptorBook, message: string): Answer {
  const numbers = book.extensionsOf(message)
  if (numbers === undefined) return failure(Code.NotFound, `there is no message ${message}`)
  return {
    case: 'allExtensionNumbersResponse',
    value: { baseTypeName: message, extensionNumber: [...numbers] },
  }
}

const failure = (errorCode: Code, errorMessage: string): Answer => ({
  case: 'errorResponse',
  value: { errorCode, errorMessage },
})
