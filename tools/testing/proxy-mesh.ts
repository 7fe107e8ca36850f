/**
 * The nodes reach each other through this process only: one door for each ordered pair, so that a way can be
 * cut in one direction, in both, or be made slow, without any right on the machine.
 *
 * A way that is cut swallows what comes, as a network does that drops packets: connections stay open and
 * nobody is told. When it is mended, the connections that lost bytes are closed.
 */
import { createServer, connect as dial, type Server, type Socket } from 'node:net'

export type WayState = 'open' | 'cut' | { readonly delayMs: number }

/** Bytes that were held up or swallowed on a way, for the proof that a fault happened. */
export interface WayCounts {
  readonly passed: number
  readonly swallowed: number
  readonly delayed: number
}

export class ProxyMesh {
  readonly #ways = new Map<string, Way>()

  /** Opens the door through which `from` reaches `to`; gives its address. */
  async open(from: string, to: string, targetPort: number): Promise<string> {
    const way = new Way(targetPort)
    this.#ways.set(`${from}>${to}`, way)
    return `http://127.0.0.1:${await way.listen()}`
  }

  /**
   * What goes from `from` to `to`, whoever opened the connection: requests on one door and answers on
   * the other.
   */
  set(from: string, to: string, state: WayState): void {
    this.#way(from, to).set('there', state)
    this.#way(to, from).set('back', state)
  }

  mendAll(): void {
    for (const way of this.#ways.values()) {
      way.set('there', 'open')
      way.set('back', 'open')
    }
  }

  counts(from: string, to: string): WayCounts {
    const there = this.#way(from, to).counts.there
    const back = this.#way(to, from).counts.back
    return {
      passed: there.passed + back.passed,
      swallowed: there.swallowed + back.swallowed,
      delayed: there.delayed + back.delayed,
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#ways.values()].map((way) => way.close()))
  }

  #way(from: string, to: string): Way {
    const way = this.#ways.get(`${from}>${to}`)
    if (way === undefined) throw new Error(`There is no way from ${from} to ${to}.`)
    return way
  }
}

type Direction = 'there' | 'back'

class Way {
  readonly #targetPort: number
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #lossy = new Set<Socket>()
  readonly #state: Record<Direction, WayState> = { there: 'open', back: 'open' }
  readonly counts = {
    there: { passed: 0, swallowed: 0, delayed: 0 },
    back: { passed: 0, swallowed: 0, delayed: 0 },
  }

  constructor(targetPort: number) {
    this.#targetPort = targetPort
    this.#server = createServer({ noDelay: true }, (client) => this.#accept(client))
  }

  listen(): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : 0)
      })
    })
  }

  set(direction: Direction, state: WayState): void {
    const before = this.#state[direction]
    this.#state[direction] = state
    if (before === 'cut' && state !== 'cut') for (const socket of this.#lossy) socket.destroy()
  }

  close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
    })
  }

  #accept(client: Socket): void {
    const server = dial({ port: this.#targetPort, host: 'localhost', noDelay: true })
    this.#carry('there', client, server)
    this.#carry('back', server, client)
  }

  #carry(direction: Direction, from: Socket, to: Socket): void {
    this.#sockets.add(from)
    const counts = this.counts[direction]
    from.on('data', (bytes) => {
      const state = this.#state[direction]
      if (state === 'cut') {
        counts.swallowed += bytes.length
        this.#lossy.add(from)
        return
      }
      if (state === 'open') {
        counts.passed += bytes.length
        // A peer that does not read is waited for; nothing piles up here.
        if (!to.write(bytes)) {
          from.pause()
          to.once('drain', () => from.resume())
        }
        return
      }
      counts.delayed += bytes.length
      from.pause()
      setTimeout(() => {
        if (!to.destroyed) to.write(bytes)
        from.resume()
      }, state.delayMs)
    })
    const end = (): void => {
      this.#sockets.delete(from)
      this.#lossy.delete(from)
      to.destroy()
    }
    from.once('close', end)
    from.on('error', () => from.destroy())
  }
}
