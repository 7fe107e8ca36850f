import type http2 from 'node:http2'
import type { Lane, Transport } from '@quorail/raft-core'
import { batchIn, EnvelopeReader, endEnvelope, envelopeOf } from './envelope.ts'
import { type Hello, readHello } from './hello.ts'
import { PeerRefusal } from './peer-refusals.ts'
import { deliverPath, deliverType, nodeHeader } from './peer-service.ts'

export interface InboundOptions {
  readonly transport: Transport
  /** Throws a `Refused`, or a `PeerRefusal`, for who may not deliver. */
  readonly admit: (from: string, session: http2.Http2Session | undefined, hello: Hello) => Peer
  /** Why a peer that has said this of itself is not heard any more, while its streams stand. */
  readonly judge: (from: string, hello: Hello) => PeerRefusal | undefined
  readonly onRefused: (
    refusal: PeerRefusal,
    from: string,
    session: http2.Http2Session | undefined,
  ) => void
  readonly maxBatchBytes: Readonly<Record<Lane, number>>
}

export interface Peer {
  /** It has said something. */
  heard(): void
  /** It has no stream of the normal lane any more. */
  lost(): void
}

/** Told to the caller, in Connect's words for it. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

/** The streams that peers keep open to this node: of each peer and lane, the newest counts. */
export class InboundStreams {
  readonly #options: InboundOptions
  readonly #newest = new Map<string, Standing>()

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
      const hello = readHello(headers)
      const peer = this.#options.admit(from, stream.session, hello)
      const { lane } = hello
      const way = `${lane} ${from}`
      const before = this.#newest.get(way)
      this.#newest.set(way, { stream, from, hello })
      // Of the normal lane what was sent before may still come, and is old at worst; pieces of a snapshot are asked for again.
      if (lane === 'bulk') before?.stream.close()
      stream.once('close', () => {
        // A stream that was replaced says nothing about its peer when it ends at last.
        if (this.#newest.get(way)?.stream !== stream) return
        this.#newest.delete(way)
        if (lane === 'normal') this.#lost(from, peer)
      })
      this.#read({ from, lane, stream, peer })
    } catch (error) {
      this.#refuse(stream, from, error)
    }
  }

  /** Ends the streams of those that are not heard any more. */
  judgeAll(): void {
    for (const { stream, from, hello } of this.#newest.values()) {
      const refusal = this.#options.judge(from, hello)
      if (refusal !== undefined && !stream.headersSent) this.#refuse(stream, from, refusal)
    }
  }

  #refuse(stream: http2.ServerHttp2Stream, from: string, error: unknown): void {
    if (error instanceof PeerRefusal) this.#options.onRefused(error, from, stream.session)
    refuse(stream, error)
  }

  #read({ from, lane, stream, peer }: Inbound): void {
    const { transport, maxBatchBytes } = this.#options
    const reader = new EnvelopeReader(maxBatchBytes[lane])
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

  /** That a snapshot's connection is closed says nothing of its peer. */
  #lost(from: string, peer: Peer): void {
    peer.lost()
    this.#options.transport.onPeerLost?.(from)
  }
}

interface Standing {
  readonly stream: http2.ServerHttp2Stream
  readonly from: string
  readonly hello: Hello
}

interface Inbound {
  readonly from: string
  readonly lane: Lane
  readonly stream: http2.ServerHttp2Stream
  readonly peer: Peer
}

function statusOf(headers: http2.IncomingHttpHeaders): number | undefined {
  if (headers[':path'] !== deliverPath) return 404
  if (headers[':method'] !== 'POST') return 405
  return headers['content-type'] === deliverType ? undefined : 415
}

function refuse(stream: http2.ServerHttp2Stream, error: unknown): void {
  if (stream.headersSent || stream.destroyed) return
  const isRefusal = error instanceof PeerRefusal
  const code = isRefusal || error instanceof Refused ? 'permission_denied' : 'internal'
  const said = error instanceof Error ? error.message : String(error)
  const message = isRefusal ? `${error.code}: ${said}` : said
  stream.respond({ ':status': 200, 'content-type': deliverType })
  stream.end(endEnvelope({ code, message }))
}
