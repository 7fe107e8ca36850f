import http2 from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { deliverEnvelope, EnvelopeReader, errorIn } from './envelope.ts'
import type { PeerOutbox } from './outbox.ts'
import { deliverPath, deliverType, nodeHeader } from './peer-service.ts'

export interface DeliverCallOptions {
  readonly url: string
  readonly from: string
  readonly outbox: PeerOutbox
  readonly secure?: http2.SecureClientSessionOptions | undefined
}

export interface DeliverCall {
  /** Why it ended in good order; rejects with what broke it. */
  readonly ended: Promise<string>
  /** What it goes over, with TLS; undefined when that is gone. */
  socket(): TLSSocket | undefined
  /** Ends it at once, with the connection. */
  end(reason: Error): void
}

/** The answer is empty, or an error in words. */
const maxAnswerBytes = 64 * 1_024

/**
 * `PeerService.Deliver` on a connection of its own, as Connect's protocol has it, written to the stream of HTTP/2
 * directly: a message of Raft's goes through no chain of iterables, which cost more than the message.
 */
export function openDeliverCall({ url, from, outbox, secure }: DeliverCallOptions): DeliverCall {
  const session = http2.connect(url, { maxSessionMemory: 256, ...secure })
  const stream = session.request({
    ':method': 'POST',
    ':path': deliverPath,
    'content-type': deliverType,
    'connect-protocol-version': '1',
    [nodeHeader]: from,
  })
  let end: (reason: Error) => void = () => undefined
  const ended = new Promise<string>((resolve, reject) => {
    end = (reason) => {
      reject(reason)
      stream.close(http2.constants.NGHTTP2_CANCEL)
      session.destroy()
    }
    session.on('error', end)
    session.on('goaway', () => end(new Error('the peer closes the connection')))
    session.on('close', () => end(new Error('the connection is closed')))
    stream.on('error', end)
    readAnswer(stream, end)
    stream.on('close', () => {
      resolve('the peer ended the stream')
      session.destroy()
    })
  })
  void pump(stream, outbox)
  const socket = (): TLSSocket | undefined => session.socket as TLSSocket | undefined
  return { ended, end, socket }
}

/** Whoever refuses the call says why; who only ends it has said nothing. */
function readAnswer(stream: http2.ClientHttp2Stream, end: (reason: Error) => void): void {
  const reader = new EnvelopeReader(maxAnswerBytes)
  stream.on('response', ({ ':status': status }) => {
    if (status !== 200) end(new Error(`the peer answers with the status ${status} of HTTP`))
  })
  stream.on('data', (piece: Buffer) => {
    try {
      for (const envelope of reader.take(piece)) {
        const error = errorIn(envelope)
        if (error !== undefined) end(new Error(error))
      }
    } catch (error) {
      end(new Error('the peer answers with what is no answer', { cause: error }))
    }
  })
}

async function pump(stream: http2.ClientHttp2Stream, outbox: PeerOutbox): Promise<void> {
  for await (const batch of outbox) {
    if (stream.destroyed || stream.writableEnded) return
    stream.cork()
    let hasRoom = true
    for (const piece of deliverEnvelope(batch)) hasRoom = stream.write(piece)
    stream.uncork()
    if (!hasRoom) await room(stream)
  }
}

/** Until the connection has taken what waits, or is gone. */
function room(stream: http2.ClientHttp2Stream): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      stream.off('drain', go)
      stream.off('close', go)
      resolve()
    }
    stream.on('drain', go)
    stream.on('close', go)
    if (stream.destroyed) go()
  })
}
