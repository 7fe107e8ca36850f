/** TLS in front of the peer port: nobody says a word of HTTP/2 before it is known who it is. */
import type http2 from 'node:http2'
import tls from 'node:tls'
import { identityIn } from '../certificates/identity.ts'
import type { PeerCertificate } from '../certificates/own-certificates.ts'
import { isStillBelieved } from '../certificates/still-believed.ts'
import type { Current } from '../certificates/watched-certificate.ts'
import { limitHandshakes } from '../http/handshakes.ts'
import { identityOfCaller, type PeerRefusal, refusal, refusalByCode } from './peer-refusals.ts'
import type { OnRefused } from './refusal-log.ts'

export interface PeerFront {
  /** What listens. */
  readonly server: tls.Server
  /** Ends the connections of those that are no members any more. */
  dropStrangers(): void
}

export interface PeerFrontOptions {
  readonly certificate: Current<PeerCertificate>
  readonly isMember: (node: string) => boolean
  readonly onRefused: OnRefused
  /** Takes the connections of members. */
  readonly server: http2.Http2Server
}

/** Whose certificate stands behind the session of a call; undefined without TLS. */
export function nodeBehind(session: http2.Http2Session | undefined): string | undefined {
  const socket = session?.socket as tls.TLSSocket | undefined
  return identityIn(socket?.getPeerX509Certificate?.()?.subjectAltName)?.node
}

const handshakeWithinMs = 5_000
/** Peers need one each. */
const mostHandshakes = 128

export function openPeerFront(options: PeerFrontOptions): PeerFront {
  const { certificate, isMember, onRefused } = options
  const taken = new Map<tls.TLSSocket, string>()
  const server = tls.createServer({
    ...certificate.get(),
    requestCert: true,
    // Judged below, so that it can be said what is wrong; nothing is handed on before.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['h2'],
    handshakeTimeout: handshakeWithinMs,
    noDelay: true,
  })
  certificate.onChange((now) => {
    server.setSecureContext({ ...now, minVersion: 'TLSv1.3' })
    dropUnbelieved()
    // And those whose handshake had begun with what counted before.
    setTimeout(dropUnbelieved, handshakeWithinMs).unref()
  })
  limitHandshakes(server, mostHandshakes)
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    // Who goes in the middle of a handshake has not been refused anything.
    if (error.code?.startsWith('ERR_SSL_') === true)
      onRefused({ refusal: refusalByCode(error.code), from: socket.remoteAddress ?? '' })
  })
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {})
    try {
      const { identity } = certificate.get()
      const { node } = identityOfCaller(socket, identity.clusterId, isMember)
      taken.set(socket, node)
      socket.once('close', () => taken.delete(socket))
    } catch (error) {
      onRefused({ refusal: error as PeerRefusal, from: socket.remoteAddress ?? '' })
      socket.destroy()
      return
    }
    options.server.emit('connection', socket)
  })
  function dropUnbelieved(): void {
    for (const [socket, node] of taken) {
      if (isStillBelieved(socket, certificate.get()) !== false) continue
      onRefused({ refusal: refusal('PEER_NOT_TRUSTED', 'no longer'), peer: node })
      socket.destroy()
    }
  }

  return {
    server,
    dropStrangers() {
      for (const [socket, node] of taken) if (!isMember(node)) socket.destroy()
    },
  }
}
