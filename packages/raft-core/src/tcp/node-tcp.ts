import type { Transport } from '../ports.ts'
import type { NodeId } from '../types.ts'
import type { Shared } from './dialled.ts'
import { systemClock } from './node-clock.ts'
import { NodeSockets } from './node-sockets.ts'
import { addressFinder, checkTcpOptions, type TcpOptions } from './options.ts'
import type { Address } from './stream.ts'
import { StreamTransport, type StreamTransportStats } from './stream-transport.ts'

/** A transport over TCP that listens. Give it to `RaftNode.open`; close it after the node. */
export interface TcpTransport extends Transport {
  /** Where it listens; with the port that was free, if port 0 was asked for. */
  readonly address: Address
  stats(): StreamTransportStats
  /**
   * Stops listening and closes every connection; what was sent goes out if that is quick. Resolves
   * when no socket is left. Nothing is received from the call on. Calling it again is harmless.
   */
  close(): Promise<void>
}

/**
 * Listens, and begins to connect to the peers. Rejects with a `ConfigError`, or with Node's error if
 * it can not listen there (e.g. `EADDRINUSE`).
 */
export async function openTcpTransport(options: TcpOptions): Promise<TcpTransport> {
  const { id, incarnation, clusterId, observer } = options
  const limits = checkTcpOptions(options)
  const sockets = new NodeSockets(options.tls)
  let transport: NodeTcpTransport | undefined
  const address = await sockets.listen(
    options.listen,
    (stream) => {
      if (transport !== undefined) return transport.accept(stream)
      stream.destroy()
      return undefined
    },
    limits.connectTimeoutMs,
    (error) => observer?.({ type: 'listenFailed', detail: error.message }),
  )
  const shared = {
    self: { id, incarnation, clusterId },
    limits,
    clock: systemClock,
    random: Math.random,
    dial: sockets.dial,
    addressOf: addressFinder(options),
    observe: observer ?? (() => {}),
  }
  transport = new NodeTcpTransport(shared, Object.keys(options.peers ?? {}), address, sockets)
  return transport
}

class NodeTcpTransport extends StreamTransport implements TcpTransport {
  readonly address: Address
  readonly #sockets: NodeSockets
  #closing: Promise<void> | undefined

  constructor(shared: Shared, peers: readonly NodeId[], address: Address, sockets: NodeSockets) {
    super(shared, peers)
    this.address = address
    this.#sockets = sockets
  }

  close(): Promise<void> {
    this.closeStreams()
    this.#closing ??= this.#sockets.close()
    return this.#closing
  }
}
