import type net from 'node:net'
import type tls from 'node:tls'

/**
 * Bounds the connections that are in the middle of their handshake of TLS: above `most` the oldest is closed, so that
 * those that never finish keep nobody out.
 */
export function limitHandshakes(server: tls.Server, most: number): { closeAll(): void } {
  const unfinished = new Map<string, net.Socket>()
  server.prependListener('connection', (socket) => {
    const key = addressOf(socket)
    unfinished.set(key, socket)
    socket.once('close', () => {
      // The same port may have come again by now.
      if (unfinished.get(key) === socket) unfinished.delete(key)
    })
    if (unfinished.size > most) unfinished.values().next().value?.destroy()
  })
  server.prependListener('secureConnection', (socket) => unfinished.delete(addressOf(socket)))
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  return {
    closeAll() {
      for (const socket of unfinished.values()) socket.destroy()
    },
  }
}

/** Of both sides: one server may listen on several addresses. */
const addressOf = ({ remoteAddress, remotePort, localAddress }: net.Socket): string =>
  `${remoteAddress} ${remotePort} ${localAddress}`
