import type { ServerHttp2Stream } from 'node:http2'
import type { ConnectError } from '@connectrpc/connect'
import { type Compression, compressionNegotiate } from '@connectrpc/connect/protocol'
import {
  codeToHttpStatus,
  contentTypeUnaryJson,
  contentTypeUnaryProto,
  errorToJsonBytes,
} from '@connectrpc/connect/protocol-connect'

/** Where an answer goes, and how it may be written. */
export interface Answering {
  readonly stream: ServerHttp2Stream
  /** `Accept-Encoding`. */
  readonly accepts: string | undefined
  readonly compressions: readonly Compression[]
}

/** As Connect: smaller ones are not worth the time. */
const compressedFromBytes = 1_024

/** The answer of a unary call of Connect's protocol. */
export const answerProto = (to: Answering, message: Uint8Array): void =>
  answer(to, 200, contentTypeUnaryProto, message)

/** Its error. Those of a plan and of the door bring no headers of their own. */
export const answerError = (to: Answering, error: ConnectError): void =>
  answer(to, codeToHttpStatus(error.code), contentTypeUnaryJson, errorToJsonBytes(error, undefined))

function answer(to: Answering, status: number, type: string, body: Uint8Array): void {
  if (to.accepts !== undefined && body.length >= compressedFromBytes)
    void answerCompressed(to, to.accepts, status, type, body)
  else write(to.stream, status, type, body)
}

async function answerCompressed(
  { stream, compressions }: Answering,
  accepts: string,
  status: number,
  type: string,
  body: Uint8Array,
): Promise<void> {
  const { response } = compressionNegotiate([...compressions], null, accepts, 'Accept-Encoding')
  const compressed = await response?.compress(body).catch(() => undefined)
  if (response === null || compressed === undefined) write(stream, status, type, body)
  else write(stream, status, type, compressed, response.name)
}

function write(
  stream: ServerHttp2Stream,
  status: number,
  type: string,
  body: Uint8Array,
  encoding?: string,
): void {
  if (stream.destroyed || stream.closed) return
  // As a list: for an object Node makes three of its own.
  const headers = [
    ...[':status', String(status)],
    // As for everybody: an answer differs by the page that asks.
    ...['vary', 'Origin'],
    ...['content-type', type],
    ...['content-length', String(body.length)],
  ]
  if (encoding !== undefined) headers.push('content-encoding', encoding)
  stream.respond(headers)
  stream.end(body)
}
