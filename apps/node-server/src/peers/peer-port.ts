import http2 from 'node:http2'
import { create } from '@bufbuild/protobuf'
import { Code, ConnectError, type ConnectRouter } from '@connectrpc/connect'
import { connectNodeAdapter } from '@connectrpc/connect-node'
import { DeliverResponseSchema, PeerService } from '@quorail/proto/quorail/raft/v1/raft_pb'
import type { Transport } from '@quorail/raft-core'
import type { MemberAddress } from '../host/types.ts'
import { type Listening, listenOnAll } from '../http/listen.ts'
import { nodeHeader } from './peer-link.ts'
import { PeerLinks } from './peer-links.ts'

export interface PeerPortOptions {
  readonly id: string
  readonly port: number
  readonly hosts: readonly string[]
  /** Whom it begins with; `follow` says later who they are. */
  readonly peers: readonly { readonly id: string; readonly url: string }[]
  readonly onState?: (peer: string, reachable: boolean, detail: string) => void
  readonly silentAfterMs?: number
}

export interface PeerPort {
  /** For `RaftNode`. What arrives before it listens to it is dropped, as on any network. */
  readonly transport: Transport
  readonly port: number
  /** From now on these are the members; this node itself may be among them. */
  follow(members: readonly MemberAddress[]): void
  close(): Promise<void>
}

/** A batch of messages is at most some appends of 1 MiB. */
const maxBatchBytes = 64 * 2 ** 20

/** Listens for the peers' streams and keeps one to each of them. */
export async function openPeerPort(options: PeerPortOptions): Promise<PeerPort> {
  const { id, onState, silentAfterMs = 2_000 } = options
  const links = new PeerLinks({ id, onState, silentAfterMs })
  const transport: Transport = {
    send: (to, bytes) => links.get(to)?.send(bytes),
    onReceive: undefined,
    onPeerLost: undefined,
  }
  const inbound = new InboundStreams(transport)
  const routes = (router: ConnectRouter): void => {
    router.service(PeerService, {
      async deliver(requests, context) {
        const from = context.requestHeader.get(nodeHeader) ?? ''
        const link = links.get(from)
        if (link === undefined)
          throw new ConnectError(`"${from}" is no peer of ${options.id}`, Code.PermissionDenied)
        link.renewed()
        await inbound.take(from, requests, () => link.heard())
        return create(DeliverResponseSchema)
      },
    })
  }
  // Large windows: a follower that catches up must not wait for a round trip every 64 KiB.
  const server = http2.createServer(
    { settings: { initialWindowSize: 4 * 2 ** 20 }, maxSessionMemory: 256 },
    connectNodeAdapter({ routes, acceptCompression: [], readMaxBytes: maxBatchBytes }),
  )
  const sessions = new Set<http2.ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.setLocalWindowSize(16 * 2 ** 20)
    session.on('error', () => {})
    session.once('close', () => sessions.delete(session))
  })
  const listening: Listening = await listenOnAll(server, options.port, options.hosts)
  links.follow(options.peers.map((peer) => ({ id: peer.id, peerUrl: peer.url })))
  return {
    transport,
    port: listening.port,
    follow: (members) => links.follow(members),
    async close() {
      listening.close()
      server.close()
      for (const session of sessions) session.destroy()
      await links.close()
    },
  }
}

/** The streams that peers keep open to this node: of each peer, the newest counts. */
class InboundStreams {
  readonly #transport: Transport
  readonly #newest = new Map<string, symbol>()

  constructor(transport: Transport) {
    this.#transport = transport
  }

  async take(
    from: string,
    requests: AsyncIterable<{ readonly batch: Uint8Array }>,
    heard: () => void,
  ): Promise<void> {
    const stream = Symbol(from)
    this.#newest.set(from, stream)
    try {
      for await (const { batch } of requests) {
        heard()
        this.#transport.onReceive?.(from, batch)
      }
    } finally {
      // A stream that was replaced says nothing about its peer when it ends at last.
      if (this.#newest.get(from) === stream) {
        this.#newest.delete(from)
        this.#transport.onPeerLost?.(from)
      }
    }
  }
}
