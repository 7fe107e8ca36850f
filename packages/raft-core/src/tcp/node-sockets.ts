/** Node's sockets as byte streams, plain or with TLS. */
import net from 'node:net'
import tls from 'node:tls'
import type { TcpTls } from './options.ts'
import type { Address, ByteStream, Dial, StreamEnd, StreamHandlers } from './stream.ts'

/** How long what waits may take to go out when a stream is ended. */
const LAST_WORDS_MS = 250

/** Gives the handlers for a connection that was made to this node, or undefined if it closed it. */
export type Accept = (stream: ByteStream) => StreamHandlers | undefined

/** All sockets of a transport, so that closing leaves nothing behind. */
export class NodeSockets {
  readonly #tls: TcpTls | undefined
  readonly #open = new Set<net.Socket>()
  #server: net.Server | undefined

  constructor(options: TcpTls | undefined) {
    this.#tls = options
  }

  readonly dial: Dial = ({ host, port }, handlers) => {
    if (this.#tls === undefined) {
      const socket = this.#track(net.connect({ host, port, noDelay: true }))
      const stream = new SocketStream(socket, () => handlers)
      socket.on('connect', () => stream.handlers?.onOpen(undefined))
      return stream
    }
    const { key, cert, ca, identity } = this.#tls
    // Who the other side is, is told by its certificate and judged in the handshake: addresses change.
    const checkServerIdentity = () => undefined
    const secret = { key: pem(key), cert: pem(cert), ca: pem(ca), minVersion: 'TLSv1.3' } as const
    const socket = tls.connect({ host, port, ...secret, checkServerIdentity })
    this.#track(socket).setNoDelay(true)
    const stream = new SocketStream(socket, () => handlers)
    socket.on('secureConnect', () => stream.handlers?.onOpen(namesOf(socket, identity)))
    return stream
  }

  /** Resolves with the address once it listens. */
  listen(
    { host, port }: Address,
    accept: Accept,
    handshakeMs: number,
    onError: (error: Error) => void,
  ): Promise<Address> {
    const server = this.#makeServer(accept, handshakeMs)
    this.#server = server
    return new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host, port }, () => {
        server.off('error', reject)
        server.on('error', onError)
        resolve({ host, port: (server.address() as net.AddressInfo).port })
      })
    })
  }

  /** Resolves when no socket is left. */
  close(): Promise<void> {
    const closed = [...this.#open].map(
      (socket) => new Promise((resolve) => socket.once('close', resolve)),
    )
    const server = this.#server
    if (server?.listening) closed.push(new Promise((resolve) => server.close(resolve)))
    return Promise.all(closed).then(() => undefined)
  }

  #makeServer(accept: Accept, handshakeMs: number): net.Server {
    const take = (socket: net.Socket, names: readonly string[] | undefined): void => {
      const stream = new SocketStream(socket, (made) => accept(made))
      stream.handlers?.onOpen(names)
    }
    if (this.#tls === undefined) {
      return net.createServer({ noDelay: true }, (socket) => take(this.#track(socket), undefined))
    }
    const { key, cert, ca, identity } = this.#tls
    const server = tls.createServer(
      {
        key: pem(key),
        cert: pem(cert),
        ca: pem(ca),
        requestCert: true,
        rejectUnauthorized: true,
        minVersion: 'TLSv1.3',
        handshakeTimeout: handshakeMs,
        noDelay: true,
      },
      (socket) => take(socket, namesOf(socket, identity)),
    )
    server.on('connection', (socket) => this.#track(socket))
    return server
  }

  #track(socket: net.Socket): net.Socket {
    this.#open.add(socket)
    socket.on('close', () => this.#open.delete(socket))
    // Before a stream has it (during a TLS handshake), and after it was given up.
    socket.on('error', () => {})
    return socket
  }
}

class SocketStream implements ByteStream {
  readonly #socket: net.Socket
  #failure: Error | undefined
  handlers: StreamHandlers | undefined

  constructor(socket: net.Socket, handlersFor: (stream: ByteStream) => StreamHandlers | undefined) {
    this.#socket = socket
    this.handlers = handlersFor(this)
    socket.on('error', (error) => {
      this.#failure = error
    })
    socket.on('data', (bytes: Buffer) => this.handlers?.onBytes(bytes))
    // Without waiting for what this side has still to send: nobody reads it any more.
    socket.on('end', () => this.#ended())
    socket.on('close', () => this.#ended())
  }

  get waitingBytes(): number {
    return this.#socket.writableLength
  }

  write(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  end(): void {
    this.handlers = undefined
    this.#socket.end()
    const timer = setTimeout(() => this.#socket.destroy(), LAST_WORDS_MS)
    this.#socket.on('close', () => clearTimeout(timer))
  }

  destroy(): void {
    this.handlers = undefined
    this.#socket.destroy()
  }

  #ended(): void {
    const { handlers } = this
    if (handlers === undefined) return
    this.destroy()
    handlers.onClosed(endOf(this.#failure))
  }
}

/** A process that dies resets its connections: that is its end, and no failure of the network. */
function endOf(error: NodeJS.ErrnoException | undefined): StreamEnd {
  if (error === undefined) return { by: 'peer', detail: 'closed by the peer' }
  const byPeer = error.code === 'ECONNRESET' || error.code === 'EPIPE'
  return { by: byPeer ? 'peer' : 'failure', detail: error.message }
}

/** Whom a certificate names: DNS names and the common name. */
function namesOf(
  socket: tls.TLSSocket,
  identity: TcpTls['identity'],
): readonly string[] | undefined {
  if (identity === 'authority') return undefined
  const { subject, subjectaltname } = socket.getPeerCertificate()
  const names = (subjectaltname ?? '').split(', ').filter((name) => name.startsWith('DNS:'))
  const common = subject?.CN
  return [...names.map((name) => name.slice(4)), ...(common === undefined ? [] : [common].flat())]
}

function pem(value: string | Uint8Array): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value)
}
