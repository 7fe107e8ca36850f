import type { Server } from 'node:http'
import net from 'node:net'

/** Both addresses of `localhost`: which one a client tries first differs from machine to machine. */
export const loopback: readonly string[] = ['127.0.0.1', '::1']

/** A host of an address, or an address to listen on, that only this machine reaches. */
export function isLoopback(host: string): boolean {
  const bare = host.replaceAll(/[[\]]/g, '')
  return bare === '::1' || /^127\.\d+\.\d+\.\d+$/.test(bare) || /^(.+\.)?localhost$/.test(bare)
}

export interface Listening {
  readonly port: number
  close(): void
}

/**
 * Makes `server` accept on one port of several addresses: it listens on the first, and the connections
 * of the others are handed to it. An address that this machine does not have is left out, unless it is
 * the only one.
 */
export async function listenOnAll(
  server: net.Server | Server,
  port: number,
  hosts: readonly string[],
): Promise<Listening> {
  const [first = '127.0.0.1', ...others] = hosts
  const taken = await listen(server, port, first)
  const more: net.Server[] = []
  for (const host of others) {
    const extra = net.createServer({ noDelay: true }, (socket) => {
      server.emit('connection', socket)
    })
    try {
      await listen(extra, taken, host)
      more.push(extra)
    } catch (error) {
      if (isMissingAddress(error)) continue
      for (const one of more) one.close()
      server.close()
      throw error
    }
  }
  return {
    port: taken,
    close: () => {
      for (const extra of more) extra.close()
    },
  }
}

function listen(server: net.Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => {
      server.off('error', reject)
      resolve((server.address() as net.AddressInfo).port)
    })
  })
}

/** A machine without IPv6 has no ::1. */
function isMissingAddress(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT'
}
