import http2 from 'node:http2'
import type { Transport } from '@quorail/raft-core'
import type { PeerCertificate } from '../certificates/own-certificates.ts'
import type { Current } from '../certificates/watched-certificate.ts'
import type { MemberAddress, PeerSelf } from '../host/types.ts'
import { type Listening, listenOnAll } from '../http/listen.ts'
import { type Hello, judgeHello } from './hello.ts'
import { InboundStreams, Refused } from './inbound-streams.ts'
import { nodeBehind, openPeerFront } from './peer-front.ts'
import { PeerLinks } from './peer-links.ts'
import { type PeerRefusal, refusal } from './peer-refusals.ts'
import type { OnRefused } from './refusal-log.ts'

export interface PeerPortOptions {
  readonly id: string
  readonly port: number
  readonly hosts: readonly string[]
  /** Whom it begins with; `follow` says later who they are. */
  readonly peers: readonly { readonly id: string; readonly url: string }[]
  readonly onState?: (peer: string, reachable: boolean, detail: string) => void
  /** The connection for snapshots to a peer is begun, or over. */
  readonly onBulk?: (peer: string, isOpen: boolean, detail: string) => void
  readonly silentAfterMs?: number
  readonly bulkIdleAfterMs?: number
  readonly bulkStuckAfterMs?: number
  /** Without it plain text, which is for loopback alone. */
  readonly certificate?: Current<PeerCertificate> | undefined
  /** What this node says of itself, and knows of the others' lives; undefined: not yet. Without it: only its name. */
  readonly self?: () => PeerSelf | undefined
  /** Who was not believed, either way. */
  readonly onRefused?: OnRefused
}

export interface PeerPort {
  /** For `RaftNode`. What arrives before it listens to it is dropped, as on any network. */
  readonly transport: Transport
  readonly port: number
  /** From now on these are the members; this node itself may be among them. */
  follow(members: readonly MemberAddress[]): void
  close(): Promise<void>
}

/** A batch of messages is at most some appends of 1 MiB; one for snapshots is a piece of 1 MiB. */
const maxBatchBytes = { normal: 64 * 2 ** 20, bulk: 16 * 2 ** 20 } as const

/** Listens for the peers' streams and keeps one to each of them. */
export async function openPeerPort(options: PeerPortOptions): Promise<PeerPort> {
  const { id, silentAfterMs = 2_000, certificate } = options
  const { onRefused = () => undefined } = options
  const links = new PeerLinks({ ...options, silentAfterMs, onRefused })
  const transport: Transport = {
    send: (to, bytes, lane) => links.get(to)?.send(bytes, lane),
    onReceive: undefined,
    onPeerLost: undefined,
  }
  const judge = (from: string, hello: Hello): PeerRefusal | undefined => {
    const self = options.self?.()
    return self && judgeHello(from, hello, self)
  }
  const inbound = new InboundStreams({
    ...{ transport, maxBatchBytes },
    admit(from, session, hello) {
      const behind = nodeBehind(session)
      if (certificate !== undefined && behind !== from) throw notWhoItSays(from, behind, onRefused)
      const refused = judge(from, hello)
      if (refused !== undefined) throw refused
      const link = links.get(from)
      if (link === undefined) throw new Refused(`"${from}" is no peer of ${id}`)
      link.opened(hello)
      return link
    },
    judge,
    onRefused(refusal, from, session) {
      if (links.get(from) !== undefined) onRefused({ refusal, peer: from })
      else onRefused({ refusal, from: session?.socket?.remoteAddress ?? '' })
    },
  })
  // Large windows: a follower that catches up must not wait for a round trip every 64 KiB.
  const server = http2.createServer({
    settings: { initialWindowSize: 4 * 2 ** 20 },
    maxSessionMemory: 256,
  })
  server.on('stream', (stream, headers) => inbound.take(stream, headers))
  const sessions = new Set<http2.ServerHttp2Session>()
  server.on('session', (session) => {
    sessions.add(session)
    session.setLocalWindowSize(16 * 2 ** 20)
    session.on('error', () => {})
    session.once('close', () => sessions.delete(session))
  })
  const isMember = (node: string): boolean => links.get(node) !== undefined
  const front = certificate && openPeerFront({ certificate, isMember, onRefused, server })
  const listens = front?.server ?? server
  const listening: Listening = await listenOnAll(listens, options.port, options.hosts)
  links.follow(options.peers.map((peer) => ({ id: peer.id, peerUrl: peer.url })))
  return {
    transport,
    port: listening.port,
    follow(members) {
      links.follow(members)
      inbound.judgeAll()
      front?.dropStrangers()
    },
    async close() {
      listening.close()
      listens.close()
      for (const session of sessions) session.destroy()
      await links.close()
    },
  }
}

function notWhoItSays(from: string, behind: string | undefined, onRefused: OnRefused): Refused {
  const refused = refusal(
    'PEER_OTHER_NODE',
    `it says that it is ${from}, and its certificate is that of ${behind}`,
  )
  onRefused({ refusal: refused, peer: from })
  return new Refused(`${refused.code}: ${refused.message}`)
}
