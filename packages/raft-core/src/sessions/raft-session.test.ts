import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JournalMachine, readerOf, snapshotOf } from '../../test/journal-machine.ts'
import { markAt } from '../../test/message-defaults.ts'
import { encodeUtf8 } from '../codec/utf8.ts'
import {
  ClosedError,
  NotLeaderError,
  OutcomeUnknownError,
  OverloadedError,
  RejectedError,
} from '../errors.ts'
import { FakeClock } from '../testing/fake-clock.ts'
import { randomStream } from '../testing/random.ts'
import {
  closeSession,
  RaftSession,
  type RaftSessionOptions,
  SessionError,
  type SessionLimits,
  type SessionMachine,
  type SessionReply,
  type SessionResult,
  sessionMachine,
} from './index.ts'

/** What becomes of one attempt. */
const FATES = [
  'good',
  /** Not in the log. */
  'lost',
  /** In the log, but nobody says so. */
  'unheard',
  /** In the log later, when nobody expects it any more. */
  'late',
  'refused',
  'overloaded',
  'superseded',
  /** Something that is no error of this package. */
  'strange',
] as const
type Fate = (typeof FATES)[number]

const text = (value: string) => new TextEncoder().encode(value)

/** A group of nodes as a client sees it: a log, and attempts of which anything may become. */
class Group {
  journal = new JournalMachine()
  machine: SessionMachine<string>
  attempts = 0
  readonly clock = new FakeClock()
  readonly #fate: () => Fate
  readonly #limits: Partial<SessionLimits>
  readonly #late: Uint8Array[] = []

  constructor(fate: () => Fate = () => 'good', limits: Partial<SessionLimits> = {}) {
    this.#fate = fate
    this.#limits = limits
    this.machine = this.#make()
  }

  async propose(data: Uint8Array) {
    this.attempts += 1
    const unknown = new OutcomeUnknownError('timeout', 1, 1)
    switch (this.#fate()) {
      case 'good':
        return this.append(data)
      case 'lost':
        throw unknown
      case 'unheard':
        this.append(data)
        throw unknown
      case 'late':
        this.#late.push(data)
        throw unknown
      case 'refused':
        throw new NotLeaderError('n2', 'follower')
      case 'overloaded':
        throw new OverloadedError('full')
      case 'superseded':
        throw new RejectedError('superseded', 'another leader')
      case 'strange':
        this.append(data)
        throw new TypeError('connection reset')
    }
  }

  append(data: Uint8Array): { index: number; result: SessionResult<string> } {
    const index = this.machine.appliedIndex + 1
    let result: SessionResult<string> | undefined
    this.machine.apply([{ index, term: 1, kind: 'command', data }], (error, [given]) => {
      if (error !== undefined) throw error
      result = given
    })
    if (result === undefined) throw new Error('no result')
    return { index, result }
  }

  /** One of what is still on its way arrives. */
  arriveLate(choose: number): void {
    const [data] = this.#late.splice(choose % Math.max(1, this.#late.length), 1)
    if (data !== undefined) this.append(data)
  }

  get late(): number {
    return this.#late.length
  }

  /** All nodes lose their memory, and have a snapshot. */
  restart(): void {
    const bytes = snapshotOf(this.machine)
    const { appliedIndex } = this.machine
    this.journal = new JournalMachine()
    this.machine = this.#make()
    this.machine.restore?.(markAt(appliedIndex, 1), readerOf(bytes), (error) => {
      if (error !== undefined) throw error
    })
  }

  #make(): SessionMachine<string> {
    return sessionMachine(this.journal, {
      encodeResult: encodeUtf8,
      decodeResult: (bytes) => new TextDecoder().decode(bytes),
      limits: this.#limits,
    })
  }

  /** Time passes, until `promise` is settled. */
  async until<T>(promise: Promise<T>, meanwhile: () => void = () => {}): Promise<T> {
    let settled = false
    const note = () => {
      settled = true
    }
    promise.then(note, note)
    for (let round = 0; !settled && round < 20_000; round++) {
      for (let turn = 0; turn < 8; turn++) await Promise.resolve()
      meanwhile()
      this.clock.advance(5)
    }
    if (!settled) throw new Error('it hangs')
    return promise
  }
}

function open(group: Group, options: Partial<RaftSessionOptions> = {}) {
  const random = randomStream(1, 'session')
  return group.until(RaftSession.open(group, { clock: group.clock, random, ...options }))
}

const fates = (list: readonly Fate[]) => {
  const left = [...list]
  return () => left.shift() ?? 'good'
}

describe('a session', () => {
  it('has commands applied in the order of the calls, several under way at once', async () => {
    const group = new Group()
    const session = await open(group)
    const replies = await group.until(
      Promise.all(['a', 'b', 'c'].map((value) => session.propose(text(value)))),
    )
    expect(replies).toEqual([
      { result: '1 a', index: 2, repeated: false },
      { result: '2 b', index: 3, repeated: false },
      { result: '3 c', index: 4, repeated: false },
    ])
  })

  it('repeats a command of unknown outcome, and it is not applied twice', async () => {
    const group = new Group(fates(['good', 'unheard']))
    const session = await open(group)
    const reply = await group.until(session.propose(text('pay')))
    expect(reply).toMatchObject({ result: '1 pay', repeated: true })
    expect(group.journal.lines).toEqual(['pay'])
  })

  it('is opened again when the outcome of opening it is unknown', async () => {
    const group = new Group(fates(['unheard', 'good']))
    const session = await open(group)
    expect(session.id).toBe(2)
    expect(group.machine.sessionStats.sessions).toBe(2)
  })

  it('holds back what came before its turn until the one before it is through', async () => {
    const group = new Group(fates(['good', 'lost']))
    const session = await open(group)
    const both = Promise.all([session.propose(text('a')), session.propose(text('b'))])
    await group.until(both)
    expect(group.journal.lines).toEqual(['a', 'b'])
    // a, b out of order, a, b
    expect(group.attempts).toBe(1 + 4)
  })

  it('does not fill the log while the one before is without an answer', async () => {
    const group = new Group()
    const session = await open(group)
    const { propose } = group
    let fail = (_: Error) => {}
    group.propose = () =>
      new Promise((_, reject) => {
        fail = reject
      })
    const first = session.propose(text('a'))
    group.propose = propose
    const second = session.propose(text('b'))
    await group.until(new Promise<void>((resolve) => void group.clock.setTimer(5000, resolve)))
    expect(group.machine.appliedIndex).toBe(2)
    fail(new OutcomeUnknownError('timeout', 1, 1))
    await group.until(Promise.all([first, second]))
    expect(group.journal.lines).toEqual(['a', 'b'])
    expect(group.machine.appliedIndex).toBe(4)
  })

  it('gives up in time, says what is known, and goes on behind what it gave up', async () => {
    let fate: Fate = 'good'
    const group = new Group(() => fate)
    const session = await open(group, { giveUpMs: 200 })
    fate = 'refused'
    const refused = group.until(session.propose(text('a')))
    await expect(refused).rejects.toThrow(NotLeaderError)
    fate = 'late'
    const unknown = group.until(session.propose(text('b')))
    await expect(unknown).rejects.toMatchObject({
      code: 'sessionOutcomeUnknown',
      applied: 'perhaps',
    })
    fate = 'good'
    const reply = await group.until(session.propose(text('c')))
    expect(reply).toMatchObject({ result: '1 c', repeated: false })
    while (group.late > 0) group.arriveLate(0)
    expect(group.journal.lines).toEqual(['c'])
  })

  it('does not repeat what would fail alike', async () => {
    const group = new Group()
    const session = await open(group)
    let attempts = 0
    const failing = (error: Error) => {
      group.propose = () => {
        attempts += 1
        return Promise.reject(error)
      }
      return group.until(session.propose(text('a')))
    }
    await expect(failing(new ClosedError())).rejects.toThrow(ClosedError)
    await expect(failing(new RejectedError('tooLarge', 'too large'))).rejects.toThrow('too large')
    expect(attempts).toBe(2)
    group.propose = () => {
      throw new ClosedError()
    }
    await expect(group.until(session.propose(text('a')))).rejects.toThrow(ClosedError)
  })

  it('that has expired says so: at once what was not tried, in doubt what was', async () => {
    const group = new Group(fates(['good', 'lost', 'lost']))
    const session = await open(group, { maxInFlight: 2 })
    group.append(closeSession(session.id))
    const calls = ['a', 'b', 'c'].map((value) => session.propose(text(value)))
    const outcomes = await group.until(Promise.allSettled(calls))
    expect(outcomes.map((one) => one.status === 'rejected' && one.reason)).toMatchObject([
      { code: 'sessionExpired', applied: 'perhaps' },
      { code: 'sessionExpired', applied: 'perhaps' },
      { code: 'sessionExpired', applied: 'no' },
    ])
    await expect(session.propose(text('d'))).rejects.toMatchObject({ applied: 'no' })
    await expect(session.keepAlive()).rejects.toThrow(SessionError)
    expect(group.journal.lines).toEqual([])
  })

  it('that has expired does not try again what was held back', async () => {
    const group = new Group(fates(['good', 'lost']))
    const session = await open(group)
    const calls = ['a', 'b'].map((value) => session.propose(text(value)))
    for (let turn = 0; turn < 20; turn++) await Promise.resolve()
    group.append(closeSession(session.id))
    const outcomes = await group.until(Promise.allSettled(calls))
    expect(outcomes.map((one) => one.status === 'rejected' && one.reason)).toMatchObject([
      { code: 'sessionExpired', applied: 'perhaps' },
      { code: 'sessionExpired', applied: 'no' },
    ])
    // Opening it, a, b out of order, a again.
    expect(group.attempts).toBe(4)
  })

  it('that has expired leaves the verdict on what is under way to its own answer', async () => {
    const group = new Group(fates(['good', 'lost']))
    const session = await open(group)
    const first = session.propose(text('a'))
    const { propose } = group
    let fail = (_: Error) => {}
    group.propose = () =>
      new Promise((_, reject) => {
        fail = reject
      })
    const second = session.propose(text('b'))
    group.propose = propose
    group.append(closeSession(session.id))
    await expect(group.until(first)).rejects.toMatchObject({ code: 'sessionExpired' })
    fail(new OutcomeUnknownError('timeout', 1, 1))
    await expect(group.until(second)).rejects.toMatchObject({
      code: 'sessionExpired',
      applied: 'perhaps',
    })
  })

  it('learns from keepAlive that it has expired', async () => {
    const group = new Group()
    const session = await open(group)
    await group.until(session.keepAlive())
    group.append(closeSession(session.id))
    await expect(group.until(session.keepAlive())).rejects.toMatchObject({ code: 'sessionExpired' })
    await expect(session.propose(text('a'))).rejects.toMatchObject({ code: 'sessionExpired' })
  })

  it('that is closed finishes what it has and takes no more', async () => {
    const group = new Group(fates(['good', 'good', 'lost']))
    const session = await open(group)
    const calls = Promise.all(['a', 'b'].map((value) => session.propose(text(value))))
    const closed = session.close()
    expect(session.close()).toBe(closed)
    await expect(session.propose(text('c'))).rejects.toMatchObject({ code: 'sessionClosed' })
    await group.until(closed)
    await expect(calls).resolves.toMatchObject([{ result: '1 a' }, { result: '2 b' }])
    expect(group.machine.sessionStats.sessions).toBe(0)
  })

  it('refuses more than it may hold', async () => {
    const group = new Group()
    const session = await open(group, { maxInFlight: 1, maxWaiting: 1 })
    const calls = ['a', 'b', 'c'].map((value) => session.propose(text(value)))
    await expect(calls[2]).rejects.toMatchObject({ code: 'sessionOverloaded', applied: 'no' })
    await group.until(Promise.all(calls.slice(0, 2)))
    expect(group.journal.lines).toEqual(['a', 'b'])
  })

  it('gets through a window that is narrower than what it has under way', async () => {
    const group = new Group(() => 'good', { maxPending: 2 })
    const session = await open(group)
    const values = Array.from({ length: 12 }, (_, i) => `${i}`)
    await group.until(Promise.all(values.map((value) => session.propose(text(value)))))
    expect(group.journal.lines).toEqual(values)
  })

  it('refuses a state machine that knows no sessions', async () => {
    const group = new Group()
    const propose = group.append.bind(group)
    group.append = () => ({ index: 1, result: { type: 'malformed', reason: 'what?' } })
    await expect(open(group)).rejects.toMatchObject({ code: 'sessionRefused' })
    group.append = propose
    const session = await open(group)
    group.append = () => ({ index: 1, result: { type: 'outOfOrder', expected: 9 } })
    await expect(group.until(session.propose(text('a')))).rejects.toMatchObject({
      code: 'sessionRefused',
    })
  })
})

describe('whatever becomes of the attempts', () => {
  const script = fc.record({
    seed: fc.nat(),
    trouble: fc.constantFrom(0.1, 0.5, 0.9),
    count: fc.integer({ min: 1, max: 30 }),
    maxInFlight: fc.integer({ min: 1, max: 8 }),
    maxPending: fc.integer({ min: 1, max: 8 }),
    giveUpMs: fc.constantFrom(100, 1000, 30_000),
  })

  it('a command is applied once at most, in order, and its answer is true', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (plan) => {
        const random = randomStream(plan.seed, 'fates')
        let calm = true
        const fate = (): Fate =>
          calm || random() >= plan.trouble
            ? 'good'
            : (FATES[Math.floor(random() * FATES.length)] as Fate)
        const group = new Group(fate, { maxPending: plan.maxPending })
        const { maxInFlight, giveUpMs } = plan
        const session = await open(group, { maxInFlight, giveUpMs })
        calm = false
        const values = Array.from({ length: plan.count }, (_, i) => `c${i}`)
        const calls = values.map((value) => session.propose(text(value)))
        const outcomes = await group.until(Promise.allSettled(calls), () => {
          if (random() < 0.1) group.arriveLate(Math.floor(random() * 100))
          if (random() < 0.05) group.restart()
        })
        calm = true
        await group.until(session.propose(text('last')).then(() => session.close()))
        const { lines } = group.journal
        const seen = [...lines]
        while (group.late > 0) group.arriveLate(0)
        expect(group.journal.lines).toEqual(seen)

        expect(new Set(lines).size).toBe(lines.length)
        expect(lines).toEqual([...values, 'last'].filter((value) => lines.includes(value)))
        for (const [i, outcome] of outcomes.entries()) {
          check(outcome, values[i] as string, lines)
        }
      }),
      { numRuns: 300 },
    )
  })

  function check(
    outcome: PromiseSettledResult<SessionReply<string>>,
    value: string,
    lines: readonly string[],
  ): void {
    if (outcome.status === 'fulfilled') {
      expect(outcome.value.result).toBe(`${lines.indexOf(value) + 1} ${value}`)
      return
    }
    const { reason } = outcome
    if (reason instanceof SessionError && reason.applied === 'perhaps') return
    expect(lines).not.toContain(value)
  }
})
