import type http2 from 'node:http2'
import type { Transport } from '@quorail/raft-core'
import { batchIn, EnvelopeReader, endEnvelope, envelopeOf } from './envelope.ts'
import { deliverPath, deliverType, nodeHeader } from './peer-service.ts'

export interface InboundOptions {
  readonly transport: Transport
  /** Throws a `Refused` for who may not deliver. */
  readonly admit: (from: string, session: http2.Http2Session | undefined) => Peer
  readonly maxBatchBytes: number
}

export interface Peer {
  /** It has said something. */
  heard(): void
}

/** Told to the caller, in Connect's words for it. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** The streams that peers keep open to this node: of each peer, the newest counts. */
export class InboundStreams {
  readonly #options: InboundOptions
  readonly #newest = new Map<string, http2.ServerHttp2Stream>()

  constructor(options: InboundOptions) {
    this.#options = options
  }

  /** For the server's event `stream`. */
  take(stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders): void {
    stream.on('error', () => {})
    const status = statusOf(headers)
    if (status !== undefined) {
      stream.respond({ ':status': status }, { endStream: true })
      return
    }
    const from = String(headers[nodeHeader] ?? '')
    try {
      const peer = this.#options.admit(from, stream.session)
      this.#newest.set(from, stream)
      stream.once('close', () => this.#ended(from, stream))
      this.#read(from, stream, peer)
    } catch (error) {
      refuse(stream, error)
    }
  }

  #read(from: string, stream: http2.ServerHttp2Stream, peer: Peer): void {
    const { transport, maxBatchBytes } = this.#options
    const reader = new EnvelopeReader(maxBatchBytes)
    stream.on('data', (piece: Buffer) => {
      if (stream.writableEnded) return
      try {
        for (const { flags, message } of reader.take(piece)) {
          if (flags !== 0) throw new Refused('nothing is compressed between peers')
          const batch = batchIn(message)
          peer.heard()
          transport.onReceive?.(from, batch)
        }
      } catch (error) {
        refuse(stream, error)
      }
    })
    stream.on('end', () => {
      if (stream.writableEnded) return
      stream.respond({ ':status': 200, 'content-type': deliverType })
      stream.end(Buffer.concat([envelopeOf(0, new Uint8Array()), endEnvelope()]))
    })
  }

  #ended(from: string, stream: http2.ServerHttp2Stream): void {
    // A stream that was replaced says nothing about its peer when it ends at last.
    if (this.#newest.get(from) !== stream) return
    this.#newest.delete(from)
    this.#options.transport.onPeerLost?.(from)
  }
}

function statusOf(headers: http2.IncomingHttpHeaders): number | undefined {
  if (headers[':path'] !== deliverPath) return 404
  if (headers[':method'] !== 'POST') return 405
  return headers['content-type'] === deliverType ? undefined : 415
}

function refuse(stream: http2.ServerHttp2Stream, error: unknown): void {
  if (stream.headersSent || stream.destroyed) return
  const code = error instanceof Refused ? 'permission_denied' : 'internal'
  const message = error instanceof Error ? error.message : String(error)
  stream.respond({ ':status': 200, 'content-type': deliverType })
  stream.end(endEnvelope({ code, message }))
}
