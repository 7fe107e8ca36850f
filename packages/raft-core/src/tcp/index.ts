/**
 * `@quorail/raft-core/tcp`: a transport over TCP. Handshake, checksums, reconnecting, bounded
 * buffers, keep-alive, TLS. The format is described in docs/internals/tcp-format.md.
 *
 *     const transport = await openTcpTransport({ id, clusterId, listen, peers })
 *     const node = await RaftNode.open({ id, transport, clock: systemClock, ... })
 */
export type { RefusalReason } from './handshake.ts'
export { systemClock } from './node-clock.ts'
export { openTcpTransport, type TcpTransport } from './node-tcp.ts'
export type { Direction, DropReason, TcpEvent, TcpPeerStats } from './observe.ts'
export type { TcpLimits, TcpOptions, TcpTls } from './options.ts'
export type { Address } from './stream.ts'
export type { StreamTransportStats } from './stream-transport.ts'
