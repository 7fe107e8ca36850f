import type http2 from 'node:http2'
import { type DoorLimits, doorLimits } from './door-limits.ts'

type Session = http2.ServerHttp2Session

interface Use {
  calls: number
  /** Since when it has had no call. */
  idleSince: number
  everUsed: boolean
  controlFrames: number
}

type Limits = Pick<DoorLimits, 'idleSessionMs' | 'unusedSessionMs' | 'controlFrames'>

const sweepMs = 10_000
const enhanceYourCalm = 0x0b

/** Closes HTTP/2 connections that nobody uses, and those that send nothing but frames about the connection. */
export class SessionLimits {
  readonly #limits: Limits
  readonly #uses = new Map<Session, Use>()
  readonly #sweeping: NodeJS.Timeout

  constructor(limits: Limits = doorLimits) {
    this.#limits = limits
    this.#sweeping = setInterval(() => this.#sweep(), Math.min(sweepMs, limits.unusedSessionMs))
    this.#sweeping.unref()
  }

  watch(session: Session): void {
    const use: Use = { calls: 0, idleSince: performance.now(), everUsed: false, controlFrames: 0 }
    this.#uses.set(session, use)
    session.once('close', () => this.#uses.delete(session))
    session.on('stream', (stream) => {
      use.calls += 1
      use.everUsed = true
      stream.once('close', () => {
        use.calls -= 1
        use.idleSince = performance.now()
      })
    })
    const count = (): void => {
      use.controlFrames += 1
      if (use.controlFrames > this.#limits.controlFrames)
        session.destroy(undefined, enhanceYourCalm)
    }
    session.on('ping', count)
    session.on('remoteSettings', count)
  }

  /** Makes room: whoever has no call is asked to come again. */
  closeIdle(): void {
    for (const [session, { calls, everUsed }] of this.#uses)
      if (calls === 0 && everUsed) session.close()
  }

  stop(): void {
    clearInterval(this.#sweeping)
  }

  #sweep(): void {
    const now = performance.now()
    for (const [session, use] of this.#uses) {
      use.controlFrames = 0
      const most = use.everUsed ? this.#limits.idleSessionMs : this.#limits.unusedSessionMs
      if (use.calls > 0 || now - use.idleSince < most) continue
      // GOAWAY, so that the caller opens another one; who has never said anything is not listening.
      if (use.everUsed) session.close()
      else session.destroy()
    }
  }
}
