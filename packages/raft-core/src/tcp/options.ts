/** What a transport is opened with, and the limits it keeps. */
import { encodeUtf8 } from '../codec/utf8.ts'
import { ConfigError } from '../errors.ts'
import type { Incarnation, NodeId } from '../types.ts'
import type { Shared } from './dialled.ts'
import type { TcpEvent } from './observe.ts'
import type { Address } from './stream.ts'

export interface TcpLimits {
  /** Largest batch, either way; a larger one is dropped, or its connection is. Default 16 MiB. */
  readonly maxBatchBytes: number
  /** Bytes that wait for one peer; what exceeds them is dropped. One batch always fits. Default 32 MiB. */
  readonly maxWaitingBytes: number
  /** The same for pieces of snapshots, which have a connection of their own. Default 8 MiB. */
  readonly maxBulkWaitingBytes: number
  /** How often a connection is tried with a few bytes. Default 500 ms. */
  readonly keepAliveMs: number
  /** Nothing heard on a connection for so long: it is replaced. Default 2,000 ms. */
  readonly silentAfterMs: number
  /** A connection that does not stand, handshake included, after so long is given up. Default 2,000 ms. */
  readonly connectTimeoutMs: number
  /** The first pause before another try; it doubles, and is jittered. Default 20 ms. */
  readonly firstBackoffMs: number
  /** The longest pause before another try. Default 1,000 ms. */
  readonly longestBackoffMs: number
  /** A connection that is made on demand, for bulk or to a guest, is closed after so long. Default 10 s. */
  readonly idleAfterMs: number
  /** Connections that have not said yet who they are; more are closed at once. Default 64. */
  readonly maxStrangers: number
  /** Nodes of the cluster that are no peers and have connected to this one; more are refused. Default 16. */
  readonly maxGuests: number
}

/** Text is PEM. */
export interface TcpTls {
  readonly key: string | Uint8Array
  readonly cert: string | Uint8Array
  /** Who signs the members' certificates: no other signature is believed, in either direction. */
  readonly ca: string | Uint8Array
  /**
   * `nodeId`: a node's certificate must name it (a DNS name of the subject's alternative names, or
   * the common name, equal to the node's id), so that one stolen key is not every node.
   * `authority`: any certificate signed by `ca` will do for any node. Default `nodeId`.
   */
  readonly identity?: 'nodeId' | 'authority'
}

export interface TcpOptions {
  /** This node's name, as given to `RaftNode.open`. */
  readonly id: NodeId
  /** Told to the peers and shown in their `stats()`; Raft checks its own in every batch. */
  readonly incarnation?: Incarnation
  /**
   * 32 hexadecimal digits, as in the genesis: nodes of another cluster are refused. A node that waits
   * to be added has it too.
   */
  readonly clusterId: string
  /** Port 0: any free one, see `address`. */
  readonly listen: Address
  /**
   * Where the others listen. An entry for this node itself is passed over. They are the peers, until
   * `setPeers` says otherwise; those that it adds may be in here already.
   */
  readonly peers?: Readonly<Record<NodeId, Address>>
  /**
   * Where a node listens, asked anew before each try to connect; what it does not know is looked up
   * in `peers`. For addresses that come and go, e.g. those that membership changes carry.
   */
  readonly addressOf?: (id: NodeId) => Address | undefined
  readonly tls?: TcpTls
  readonly limits?: Partial<TcpLimits>
  /** Hears of connections made, lost and refused. Must not throw. */
  readonly observer?: (event: TcpEvent) => void
}

export const TCP_DEFAULTS: TcpLimits = {
  maxBatchBytes: 16 << 20,
  maxWaitingBytes: 32 << 20,
  maxBulkWaitingBytes: 8 << 20,
  keepAliveMs: 500,
  silentAfterMs: 2_000,
  connectTimeoutMs: 2_000,
  firstBackoffMs: 20,
  longestBackoffMs: 1_000,
  idleAfterMs: 10_000,
  maxStrangers: 64,
  maxGuests: 16,
}

/** Checks everything and fills in the defaults. Throws `ConfigError` naming the option. */
export function checkTcpOptions(options: TcpOptions): TcpLimits {
  const limits: TcpLimits = { ...TCP_DEFAULTS, ...options.limits }
  for (const name of Object.keys(TCP_DEFAULTS) as (keyof TcpLimits)[]) {
    const value = limits[name]
    if (!Number.isFinite(value) || value < 1) {
      throw new ConfigError(`limits.${name}: must be a number of at least 1, is ${value}`)
    }
  }
  if (limits.maxBatchBytes > 1 << 30) {
    throw new ConfigError('limits.maxBatchBytes: must be at most 1 GiB')
  }
  if (limits.silentAfterMs < 2 * limits.keepAliveMs) {
    throw new ConfigError('limits.silentAfterMs: must be at least twice limits.keepAliveMs')
  }
  checkHex('clusterId', options.clusterId)
  if (options.incarnation !== undefined) checkHex('incarnation', options.incarnation)
  checkName('id', options.id)
  checkAddress('listen', options.listen, 0)
  for (const [id, address] of Object.entries(options.peers ?? {})) {
    checkName('peers', id)
    checkAddress(`peers.${id}`, address, 1)
  }
  return limits
}

/** Asks the function, then the map; what can not be connected to is not known. */
export function addressFinder({ addressOf, peers }: TcpOptions): Shared['addressOf'] {
  return (id) => {
    const address = addressOf?.(id) ?? peers?.[id]
    const isUsable = address !== undefined && wrongWith(address, 1) === undefined
    return isUsable ? address : undefined
  }
}

function checkHex(option: string, value: string): void {
  if (!/^[0-9a-f]{32}$/.test(value)) {
    throw new ConfigError(`${option}: must be 32 hexadecimal digits (0-9, a-f), is "${value}"`)
  }
}

function checkName(option: string, id: NodeId): void {
  const bytes = encodeUtf8(id).length
  if (bytes < 1 || bytes > 64) {
    throw new ConfigError(`${option}: a name has 1 to 64 bytes, "${id}" has ${bytes}`)
  }
}

function checkAddress(option: string, address: Address, least: number): void {
  const wrong = wrongWith(address, least)
  if (wrong !== undefined) throw new ConfigError(`${option}.${wrong}`)
}

function wrongWith({ host, port }: Address, least: number): string | undefined {
  if (host === '') return 'host: must not be empty'
  if (Number.isInteger(port) && port >= least && port <= 65_535) return undefined
  return `port: must be a whole number from ${least} to 65535`
}
