import http from 'node:http'
import http2 from 'node:http2'
import type net from 'node:net'
import tls from 'node:tls'
import type { KeyAndCertificate } from '../certificates/own-certificates.ts'
import type { Current } from '../certificates/watched-certificate.ts'
import { type DoorLimits, doorLimits } from './door-limits.ts'
import { handleLate } from './handle-late.ts'
import type { Handler, HttpRequest, HttpResponse } from './handler.ts'
import { limitHandshakes } from './handshakes.ts'

import { listenOnAll } from './listen.ts'
import { SessionLimits } from './session-limits.ts'
import { type StreamTaker, takeStreams } from './take-streams.ts'

/** The beginning of HTTP/2's connection preface, which is no method of HTTP/1. */
const preface = Buffer.from('PRI')

export interface PolyglotServer {
  /** Resolves with the port. */
  listen(port: number, hosts: readonly string[]): Promise<number>
  /**
   * Takes no new connection, lets requests under way finish, and ends what is left after `graceMs`.
   */
  close(graceMs: number): Promise<void>
}

/** Certificate and key, as they are now and when they are renewed. */
export type PortCertificate = Current<KeyAndCertificate>

/**
 * One port for HTTP/1.1 (browsers) and HTTP/2 with prior knowledge (programs): with TLS the
 * handshake (ALPN) tells which, without it the first three bytes. The HTTP/1 server is the one that listens, so that its own time limits and its
 * tracking of connections work; only its 'connection' listener is replaced.
 */
export function createPolyglotServer(
  handler: Handler,
  limits: DoorLimits = doorLimits,
  certificate?: PortCertificate,
  takers: readonly StreamTaker[] = [],
): PolyglotServer {
  const handle = (request: HttpRequest, response: HttpResponse): void => handler(request, response)
  const one = http.createServer(optionsOfOne(limits), handle as http.RequestListener)
  const two = http2.createServer(optionsOfTwo(limits), handleLate(handle))
  takeStreams(two, takers)
  const sessionLimits = new SessionLimits(limits)
  const sessions = new Set<http2.ServerHttp2Session>()
  two.on('session', (session) => {
    sessions.add(session)
    sessionLimits.watch(session)
    session.on('error', () => {})
    session.once('close', () => sessions.delete(session))
  })
  // Nobody else knows the connections that have not said yet what they are.
  const undecided = new Set<net.Socket>()
  const takeOne = one.listeners('connection') as ((socket: net.Socket) => void)[]
  one.removeAllListeners('connection')
  const serveOne = (socket: net.Socket): void => {
    for (const listener of takeOne) listener.call(one, socket)
  }
  const front =
    certificate &&
    openFront(certificate, limits, (socket) => {
      if (socket.alpnProtocol === 'h2') two.emit('connection', socket)
      else serveOne(socket)
    })
  let connections = 0
  one.on('connection', (socket: net.Socket) => {
    connections += 1
    socket.once('close', () => {
      connections -= 1
    })
    if (connections > limits.connections) {
      // Who has nothing under way makes room for the next ones.
      one.closeIdleConnections()
      sessionLimits.closeIdle()
      socket.destroy()
      return
    }
    if (front !== undefined) {
      front.server.emit('connection', socket)
      return
    }
    undecided.add(socket)
    // Of those that say nothing the oldest one goes: they never keep out anybody who does.
    if (undecided.size > limits.silentConnections) undecided.values().next().value?.destroy()
    whenDecided(socket, limits.silentMs, (isTwo) => {
      undecided.delete(socket)
      if (isTwo === undefined) return
      if (isTwo) two.emit('connection', socket)
      else serveOne(socket)
    })
  })
  let stopListening = (): void => {}
  return {
    async listen(port, hosts) {
      const listening = await listenOnAll(one, port, hosts)
      stopListening = listening.close
      return listening.port
    },
    async close(graceMs) {
      stopListening()
      sessionLimits.stop()
      const ended = new Promise<void>((resolve) => one.close(() => resolve()))
      for (const socket of undecided) socket.destroy()
      front?.closeAll()
      // GOAWAY: streams under way finish.
      for (const session of sessions) session.close()
      one.closeIdleConnections()
      const kill = setTimeout(() => {
        for (const session of sessions) session.destroy()
        one.closeAllConnections()
      }, graceMs)
      await ended
      while (sessions.size > 0)
        await new Promise((resolve) => [...sessions][0]?.once('close', resolve))
      clearTimeout(kill)
    },
  }
}

/** The handshakes of TLS; it listens nowhere itself. */
function openFront(
  certificate: PortCertificate,
  limits: DoorLimits,
  take: (socket: tls.TLSSocket) => void,
): { readonly server: tls.Server; closeAll(): void } {
  const server = tls.createServer({
    ...certificate.get(),
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['h2', 'http/1.1'],
    handshakeTimeout: limits.silentMs,
    noDelay: true,
  })
  certificate.onChange((now) => server.setSecureContext({ ...now, minVersion: 'TLSv1.3' }))
  server.on('secureConnection', (socket) => {
    socket.on('error', () => {})
    take(socket)
  })
  return { server, ...limitHandshakes(server, limits.silentConnections) }
}

function optionsOfOne(limits: DoorLimits): http.ServerOptions {
  return {
    noDelay: true,
    maxHeaderSize: limits.headerBytes,
    headersTimeout: Math.min(limits.headerMs, limits.bodyMs),
    requestTimeout: limits.bodyMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(1_000, limits.headerMs),
  }
}

function optionsOfTwo(limits: DoorLimits) {
  return {
    maxHeaderListPairs: limits.headerFields,
    maxSettings: 32,
    maxSessionInvalidFrames: 100,
    maxSessionRejectedStreams: 100,
    streamResetBurst: limits.resetBurst,
    streamResetRate: limits.resetsPerSecond,
    settings: {
      maxConcurrentStreams: limits.streamsPerSession,
      maxHeaderListSize: limits.headerBytes,
      enablePush: false,
    },
  }
}

/** Looks at the first bytes and puts them back. `undefined`: the connection ended undecided. */
function whenDecided(
  socket: net.Socket,
  silentMs: number,
  decided: (isTwo: boolean | undefined) => void,
): void {
  let head: Buffer = Buffer.alloc(0)
  const onError = (): void => {
    socket.destroy()
  }
  const finish = (isTwo: boolean | undefined): void => {
    clearTimeout(timer)
    socket.off('readable', onReadable)
    socket.off('error', onError)
    socket.off('end', onError)
    socket.off('close', onClose)
    decided(isTwo)
  }
  const onClose = (): void => finish(undefined)
  const onReadable = (): void => {
    const chunk = socket.read() as Buffer | null
    if (chunk === null) return
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk])
    const length = Math.min(head.length, preface.length)
    const perhapsTwo = head.compare(preface, 0, length, 0, length) === 0
    if (perhapsTwo && length < preface.length) return // "P" or "PR": also how POST and PROPFIND begin
    socket.unshift(head)
    finish(perhapsTwo)
  }
  const timer = setTimeout(() => socket.destroy(), silentMs)
  socket.on('error', onError)
  // Half open is what HTTP's servers allow; here there is nothing to be answered yet.
  socket.on('end', onError)
  socket.on('close', onClose)
  socket.on('readable', onReadable)
}
