/**
 * What sessions are, slowly: one entry after the other, everything searched for each time. Compared
 * with the real table by a property test.
 */
import { decodeSessionCommand, type SessionCommand } from '../src/sessions/commands.ts'
import type { SessionLimits, SessionResult } from '../src/sessions/results.ts'

interface Answered {
  readonly sequence: number
  readonly result: string
}

interface NaiveSession {
  readonly id: number
  lastUsed: number
  /** Highest `firstPending` that was said. */
  wanted: number
  /** Everything that was ever applied. */
  readonly applied: Answered[]
}

export class NaiveSessions {
  sessions: NaiveSession[] = []
  limits: SessionLimits
  readonly lines: string[] = []
  madeRoom = false

  constructor(limits: SessionLimits) {
    this.limits = limits
  }

  apply(index: number, data: Uint8Array): string {
    const said = this.#one(index, data)
    if (index % 64 === 0) {
      while (this.bytes > this.limits.maxBytes && this.sessions.length > 1) {
        this.#evictOne()
        this.madeRoom = true
      }
    }
    return said
  }

  get bytes(): number {
    let bytes = 0
    for (const session of this.sessions) {
      bytes += 96
      for (const { result } of this.#kept(session)) bytes += 32 + result.length
    }
    return bytes
  }

  #one(index: number, data: Uint8Array): string {
    let command: SessionCommand
    try {
      command = decodeSessionCommand(data)
    } catch {
      return 'malformed'
    }
    if (command.type === 'openSession') {
      while (this.sessions.length >= this.limits.maxSessions) this.#evictOne()
      this.sessions.push({ id: index, lastUsed: index, wanted: 1, applied: [] })
      return `opened ${index}`
    }
    if (command.type === 'withoutSession') return `applied ${this.#run(command.command)}`
    if (command.type === 'limitSessions') {
      this.limits = command.limits
      while (this.sessions.length > this.limits.maxSessions) this.#evictOne()
      return 'limited'
    }
    const { sessionId } = command
    const session = this.sessions.find(({ id }) => id === sessionId)
    if (command.type === 'closeSession') {
      this.sessions = this.sessions.filter(({ id }) => id !== sessionId)
      return 'closed'
    }
    if (session === undefined) return 'sessionExpired'
    session.lastUsed = index
    if (command.type === 'keepAlive') return 'alive'
    return this.#use(session, command)
  }

  #use(session: NaiveSession, command: Extract<SessionCommand, { type: 'withSession' }>): string {
    const { sequence } = command
    session.wanted = Math.max(session.wanted, command.firstPending)
    if (sequence < session.wanted) return 'tooOld'
    const known = session.applied.find((one) => one.sequence === sequence)
    if (known !== undefined) return `repeated ${known.result}`
    const expected = Math.max(session.wanted, 1 + (session.applied.at(-1)?.sequence ?? 0))
    if (sequence !== expected) return `outOfOrder ${expected}`
    if (this.#kept(session).length >= this.limits.maxPending) return 'windowFull'
    const result = this.#run(command.command)
    session.applied.push({ sequence, result })
    return `applied ${result}`
  }

  #kept(session: NaiveSession): Answered[] {
    return session.applied.filter(({ sequence }) => sequence >= session.wanted)
  }

  #evictOne(): void {
    const oldest = Math.min(...this.sessions.map(({ lastUsed }) => lastUsed))
    this.sessions = this.sessions.filter(({ lastUsed }) => lastUsed !== oldest)
  }

  #run(command: Uint8Array): string {
    const said = new TextDecoder().decode(command)
    this.lines.push(said)
    return `${this.lines.length} ${said}`
  }
}

/** A real result in the model's words. */
export function resultText(result: SessionResult<string>): string {
  switch (result.type) {
    case 'applied':
    case 'repeated':
      return `${result.type} ${result.result}`
    case 'opened':
      return `opened ${result.sessionId}`
    case 'outOfOrder':
      return `outOfOrder ${result.expected}`
    default:
      return result.type
  }
}
