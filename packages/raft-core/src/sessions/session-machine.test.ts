import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { JournalMachine, readerOf, snapshotOf } from '../../test/journal-machine.ts'
import { markAt } from '../../test/message-defaults.ts'
import { NaiveSessions, resultText } from '../../test/naive-sessions.ts'
import { encodeUtf8 } from '../codec/utf8.ts'
import type { StateMachine } from '../ports.ts'
import { stateMachineSuite } from '../testing/state-machine-suite.ts'
import type { Entry } from '../types.ts'
import {
  closeSession,
  keepAlive,
  limitSessions,
  openSession,
  type SessionLimits,
  type SessionMachine,
  type SessionResult,
  sessionMachine,
  withoutSession,
  withSession,
} from './index.ts'

const RESULTS = {
  encodeResult: encodeUtf8,
  decodeResult: (bytes: Uint8Array) => new TextDecoder().decode(bytes),
}

interface Subject {
  readonly journal: JournalMachine
  readonly machine: SessionMachine<string>
}

function subject(limits: Partial<SessionLimits> = {}): Subject {
  const journal = new JournalMachine()
  return { journal, machine: sessionMachine(journal, { ...RESULTS, limits }) }
}

function applyAll(machine: StateMachine<SessionResult<string>>, entries: readonly Entry[]) {
  let results: readonly SessionResult<string>[] = []
  machine.apply(entries, (error, given) => {
    if (error !== undefined) throw error
    results = given
  })
  return results
}

/** Applies one command at the next index; what became of it. */
function tell({ machine }: Subject, data: Uint8Array): SessionResult<string> {
  const entry: Entry = { index: machine.appliedIndex + 1, term: 1, kind: 'command', data }
  return applyAll(machine, [entry])[0] as SessionResult<string>
}

function opened(one: Subject): number {
  const result = tell(one, openSession())
  if (result.type !== 'opened') throw new Error(result.type)
  return result.sessionId
}

function restored(from: Subject, limits: Partial<SessionLimits> = {}): Subject {
  const to = subject(limits)
  let failure: Error | undefined
  to.machine.restore?.(
    markAt(from.machine.appliedIndex, 1),
    readerOf(snapshotOf(from.machine)),
    (error) => {
      failure = error
    },
  )
  if (failure !== undefined) throw failure
  return to
}

const text = (value: string) => new TextEncoder().encode(value)
const set = (id: number, sequence: number, value: string, firstPending?: number) =>
  withSession(id, sequence, text(value), firstPending)

describe('a command is applied once', () => {
  it('however often it comes: the first answer is given again', () => {
    const one = subject()
    const id = opened(one)
    expect(tell(one, set(id, 1, 'a'))).toEqual({ type: 'applied', result: '1 a' })
    expect(tell(one, set(id, 1, 'a'))).toEqual({ type: 'repeated', result: '1 a' })
    expect(tell(one, set(id, 2, 'b', 1))).toEqual({ type: 'applied', result: '2 b' })
    expect(tell(one, set(id, 1, 'a', 1))).toEqual({ type: 'repeated', result: '1 a' })
    expect(one.journal.lines).toEqual(['a', 'b'])
  })

  it('also when it comes twice in one batch, and the answer of the first is not yet known', () => {
    const one = subject()
    const id = opened(one)
    const entries = [set(id, 1, 'a'), set(id, 1, 'a'), set(id, 2, 'b'), set(id, 1, 'a')].map(
      (data, i): Entry => ({ index: 2 + i, term: 1, kind: 'command', data }),
    )
    expect(applyAll(one.machine, entries).map(resultText)).toEqual([
      'applied 1 a',
      'repeated 1 a',
      'applied 2 b',
      'tooOld',
    ])
  })

  it('a retry behind a snapshot is not applied again', () => {
    const before = subject()
    const id = opened(before)
    tell(before, set(id, 1, 'pay'))
    const after = restored(before)
    expect(tell(after, set(id, 1, 'pay'))).toEqual({ type: 'repeated', result: '1 pay' })
    expect(tell(after, set(id, 2, 'ship'))).toEqual({ type: 'applied', result: '2 ship' })
    expect(after.journal.lines).toEqual(['pay', 'ship'])
  })

  it('what is in no session is applied as often as it is in the log', () => {
    const one = subject()
    tell(one, withoutSession(text('a')))
    expect(tell(one, withoutSession(text('a')))).toEqual({ type: 'applied', result: '2 a' })
  })
})

describe('a command that is not applied says so', () => {
  it('one that comes before its turn: nothing is applied, and the one that is missing is named', () => {
    const one = subject()
    const id = opened(one)
    expect(tell(one, set(id, 3, 'c', 1))).toEqual({ type: 'outOfOrder', expected: 1 })
    expect(one.journal.lines).toEqual([])
  })

  it('one that its client has given up is never applied, even if it comes late', () => {
    const one = subject()
    const id = opened(one)
    expect(tell(one, set(id, 2, 'b', 2))).toEqual({ type: 'applied', result: '1 b' })
    expect(tell(one, set(id, 1, 'a'))).toEqual({ type: 'tooOld' })
    expect(one.journal.lines).toEqual(['b'])
  })

  it('a client that confirms no answers can not make them pile up', () => {
    const one = subject({ maxPending: 2 })
    const id = opened(one)
    tell(one, set(id, 1, 'a', 1))
    tell(one, set(id, 2, 'b', 1))
    expect(tell(one, set(id, 3, 'c', 1))).toEqual({ type: 'windowFull' })
    expect(tell(one, set(id, 3, 'c', 2))).toEqual({ type: 'applied', result: '3 c' })
  })

  it('a session that is closed, or never was', () => {
    const one = subject()
    const id = opened(one)
    expect(tell(one, closeSession(id))).toEqual({ type: 'closed' })
    expect(tell(one, closeSession(id))).toEqual({ type: 'closed' })
    expect(tell(one, set(id, 1, 'a'))).toEqual({ type: 'sessionExpired' })
    expect(tell(one, keepAlive(999))).toEqual({ type: 'sessionExpired' })
    expect(one.journal.lines).toEqual([])
  })

  it.each([
    ['a bare one', text('set x')],
    ['an empty one', new Uint8Array(0)],
    ['one of a newer version', Uint8Array.of(0x08, 2, 0x10, 1)],
    ['one with a field that is not known', Uint8Array.of(0x08, 1, 0x10, 1, 0x50, 1)],
    ['one of an unknown type', Uint8Array.of(0x08, 1, 0x10, 9)],
    ['sequence 0', withSession(1, 0, text('a'), 0)],
    ['a first pending one behind the sequence', withSession(1, 1, text('a'), 2)],
    ['session 0', keepAlive(0)],
    ['limits of nothing', limitSessions({ maxSessions: 0, maxBytes: 1, maxPending: 1 })],
  ])('%s is malformed', (_, data) => {
    const one = subject()
    expect(tell(one, data)).toMatchObject({ type: 'malformed' })
    expect(one.journal.appliedIndex).toBe(1)
  })
})

describe('eviction', () => {
  it('takes the session that was used least recently in the log', () => {
    const one = subject({ maxSessions: 2 })
    const first = opened(one)
    const second = opened(one)
    tell(one, keepAlive(first))
    const third = opened(one)
    expect(tell(one, keepAlive(second))).toEqual({ type: 'sessionExpired' })
    expect(tell(one, keepAlive(first))).toEqual({ type: 'alive' })
    expect(tell(one, keepAlive(third))).toEqual({ type: 'alive' })
  })

  it('for bytes happens at fixed places of the log, and spares the last one used', () => {
    const one = subject({ maxBytes: 500 })
    const idle = opened(one)
    const busy = opened(one)
    tell(one, set(idle, 1, 'x'.repeat(300)))
    tell(one, set(busy, 1, 'y'.repeat(600)))
    while (one.machine.appliedIndex < 63) tell(one, withoutSession(text('')))
    expect(one.machine.sessionStats.sessions).toBe(2)
    tell(one, withoutSession(text('')))
    expect(one.machine.sessionStats.sessions).toBe(1)
    expect(tell(one, set(idle, 1, 'x'))).toEqual({ type: 'sessionExpired' })
    expect(tell(one, set(busy, 1, 'y'))).toMatchObject({ type: 'repeated' })
  })

  it('closing all sessions leaves no bytes behind', () => {
    const one = subject()
    const ids = [opened(one), opened(one)]
    for (const id of ids) tell(one, set(id, 1, 'abc'))
    for (const id of ids) tell(one, closeSession(id))
    expect(one.machine.sessionStats).toMatchObject({ sessions: 0, bytes: 0 })
  })

  it('limits are changed by an entry, and go with the snapshot', () => {
    const limits = { maxSessions: 1, maxBytes: 1000, maxPending: 1 }
    const one = subject()
    const first = opened(one)
    opened(one)
    expect(tell(one, limitSessions(limits))).toEqual({ type: 'limited' })
    expect(tell(one, keepAlive(first))).toEqual({ type: 'sessionExpired' })
    expect(restored(one).machine.sessionStats).toMatchObject({ sessions: 1, limits })
  })
})

describe('the port', () => {
  it('noops, changes of the membership, and what sessions keep back leave no holes', () => {
    const one = subject()
    const kinds = ['noop', 'config', 'command'] as const
    const entries = kinds.map(
      (kind, i): Entry => ({ index: i + 1, term: 1, kind, data: openSession() }),
    )
    expect(applyAll(one.machine, entries).map(({ type }) => type)).toEqual([
      'applied',
      'applied',
      'opened',
    ])
    expect(one.journal).toMatchObject({ appliedIndex: 3, lines: [] })
  })

  it('a batch may be as long as the memory allows, with a machine that answers at once', () => {
    let applied = 0
    const inner: StateMachine<string> = {
      appliedIndex: 0,
      apply: (entries, done) => {
        applied += entries.length
        done(
          undefined,
          entries.map(() => ''),
        )
      },
    }
    const machine = sessionMachine(inner, RESULTS)
    const data = withoutSession(new Uint8Array(0))
    const entries = Array.from({ length: 700_000 }, (_, i): Entry => {
      return { index: i + 1, term: 1, kind: 'command', data }
    })
    expect(applyAll(machine, entries)).toHaveLength(700_000)
    expect(applied).toBe(700_000)
    expect(applyAll(machine, [])).toEqual([])
  })

  it('a machine that makes no snapshots makes none in sessions', () => {
    const bare: StateMachine<string> = { appliedIndex: 0, apply: () => {} }
    const machine = sessionMachine(bare, RESULTS)
    expect([machine.capture, machine.restore]).toEqual([undefined, undefined])
  })

  it('a machine that keeps its state by itself is refused: its sessions would be lost', () => {
    const durable = { appliedIndex: 0, durableIndex: 0, apply: () => {} }
    const old = { appliedIndex: 7, apply: () => {} }
    expect(() => sessionMachine(durable, RESULTS)).toThrow('keeps its state by itself')
    expect(() => sessionMachine(old, RESULTS)).toThrow('keeps its state by itself')
    expect(() => subject({ maxPending: 0 })).toThrow('maxPending')
  })

  it('an answer that is a view of its entry is kept as it was, though the memory is used again', () => {
    const echo: StateMachine<Uint8Array> = {
      appliedIndex: 0,
      apply: (entries, done) =>
        done(
          undefined,
          entries.map(({ data }) => data),
        ),
    }
    const machine = sessionMachine(echo, {
      encodeResult: (bytes) => bytes,
      decodeResult: (bytes) => bytes,
    })
    const results: SessionResult<Uint8Array>[] = []
    const apply = (index: number, data: Uint8Array) =>
      machine.apply([{ index, term: 1, kind: 'command', data }], (_, given) => {
        results.push(...given)
      })
    apply(1, openSession())
    const command = set(1, 1, 'a')
    apply(2, command)
    command.fill(0)
    apply(3, set(1, 1, 'a'))
    expect(results.at(-1)).toEqual({ type: 'repeated', result: text('a') })
  })

  it('what fails in the machine fails outside', () => {
    const errors: string[] = []
    const entry: Entry = { index: 1, term: 1, kind: 'command', data: withoutSession(text('a')) }
    const run = (inner: StateMachine<string>, encodeResult = RESULTS.encodeResult) =>
      sessionMachine(inner, { ...RESULTS, encodeResult }).apply([entry], (error) => {
        errors.push(error?.message ?? 'none')
      })
    run({ appliedIndex: 0, apply: (_, done) => done(new Error('disk'), []) })
    run({ appliedIndex: 0, apply: (_, done) => done(undefined, []) })
    expect(errors).toEqual(['disk', 'the state machine failed: 0 results for 1 entries'])
  })

  it('a snapshot that can not be read changes nothing', () => {
    const from = subject()
    opened(from)
    tell(from, withoutSession(text('a')))
    const whole = snapshotOf(from.machine)
    for (let cut = 0; cut < whole.length; cut++) {
      const to = subject()
      const id = opened(to)
      let failure: Error | undefined
      to.machine.restore?.(markAt(2, 1), readerOf(whole.slice(0, cut)), (error) => {
        failure = error
      })
      // The journal itself does not notice that its end is missing.
      if (failure === undefined) continue
      expect(tell(to, set(id, 1, 'b'))).toEqual({ type: 'applied', result: '1 b' })
    }
    const to = subject()
    const bad = whole.slice()
    bad[5] = 9
    let failure: Error | undefined
    to.machine.restore?.(markAt(2, 1), readerOf(bad), (error) => {
      failure = error
    })
    expect(failure?.message).toContain('SessionFrame.version')
  })

  const commands = [
    openSession(),
    set(2, 1, 'a'),
    set(2, 1, 'a'),
    set(2, 2, 'b', 1),
    withoutSession(text('c')),
    set(2, 4, 'd'),
    keepAlive(2),
    closeSession(2),
  ]
  const suite = stateMachineSuite({
    create: () => subject().machine,
    commands,
    picture: (machine) => [...snapshotOf(machine)],
  })
  for (const { name, run } of suite) it(`the suite of state machines: ${name}`, run)
})

/** Commands of a few clients that know the sessions opened so far, and now and then are wrong. */
const logs = fc.array(
  fc.record({
    what: fc.constantFrom('open', 'use', 'use', 'use', 'use', 'again', 'keep', 'close', 'other'),
    who: fc.nat({ max: 3 }),
    ahead: fc.constantFrom(0, 0, 0, 0, 0, 1, 2),
    lag: fc.nat({ max: 5 }),
    size: fc.nat({ max: 60 }),
  }),
  { minLength: 1, maxLength: 200 },
)

type Step = typeof logs extends fc.Arbitrary<(infer S)[]> ? S : never

/** As entries: each client's next sequence number is counted as if all it sent had been applied. */
function entriesOf(steps: readonly Step[], start: number): Entry[] {
  const clients = [1, 2, 3, 4].map(() => ({ id: 0, next: 1, last: set(1, 1, 'none') }))
  return steps.map(({ what, who, ahead, lag, size }, i) => {
    const index = start + i
    const client = clients[who] as (typeof clients)[number]
    const entry = (data: Uint8Array): Entry => ({ index, term: 1, kind: 'command', data })
    if (what === 'open' || client.id === 0) {
      client.id = index
      client.next = 1
      return entry(openSession())
    }
    if (what === 'again') return entry(client.last)
    if (what === 'keep') return entry(keepAlive(client.id))
    if (what === 'close' && size < 10) return entry(closeSession(client.id))
    if (what === 'other') {
      if (size < 5) return entry(Uint8Array.of(size, who, lag))
      if (size > 57) return entry(limitSessions({ ...LIMITS, maxSessions: 1 + lag }))
      if (size > 55) return { ...entry(openSession()), kind: 'noop' }
      return entry(withoutSession(text(`${index}`)))
    }
    const sequence = client.next + ahead
    if (ahead === 0) client.next++
    client.last = set(
      client.id,
      sequence,
      `${index}${'.'.repeat(size)}`,
      Math.max(1, sequence - lag),
    )
    return entry(client.last)
  })
}

const LIMITS: SessionLimits = { maxSessions: 3, maxBytes: 400, maxPending: 3 }

describe('against a naive model', () => {
  it('every result is the same, and so is the state, whatever batches and snapshots there are', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(
        logs,
        fc.integer({ min: 1, max: 130 }),
        fc.infiniteStream(fc.nat({ max: 12 })),
        fc.infiniteStream(fc.nat({ max: 3 })),
        (steps, start, sizes, restarts) => {
          const entries = entriesOf(steps, start)
          const model = new NaiveSessions(LIMITS)
          const expected = entries.map((entry) =>
            entry.kind === 'command' ? model.apply(entry.index, entry.data) : 'applied ',
          )
          const plain = subject(LIMITS)
          const results = entries.flatMap((entry) => applyAll(plain.machine, [entry]))
          expect(results.map(resultText)).toEqual(expected)
          expect(plain.journal.lines).toEqual(model.lines)
          expect(plain.machine.sessionStats).toMatchObject({
            sessions: model.sessions.length,
            bytes: model.bytes,
          })

          let other = subject(LIMITS)
          const otherResults: SessionResult<string>[] = []
          for (let at = 0; at < entries.length; ) {
            const size = 1 + (sizes.next().value ?? 0)
            otherResults.push(...applyAll(other.machine, entries.slice(at, at + size)))
            at += size
            if ((restarts.next().value ?? 1) === 0) other = restored(other)
          }
          expect(otherResults.map(resultText)).toEqual(expected)
          expect(snapshotOf(other.machine)).toEqual(snapshotOf(plain.machine))
          expect(other.machine.sessionStats).toEqual(plain.machine.sessionStats)
          if (model.madeRoom) seen.add('madeRoom')
          for (const result of expected) seen.add(result.split(' ')[0] ?? '')
        },
      ),
      { numRuns: 600 },
    )
    const all = ['applied', 'repeated', 'opened', 'sessionExpired', 'outOfOrder', 'tooOld']
    for (const type of [
      ...all,
      'madeRoom',
      'windowFull',
      'alive',
      'closed',
      'limited',
      'malformed',
    ]) {
      expect(seen).toContain(type)
    }
  })

  it('many sessions go through a snapshot of several frames', () => {
    const one = subject()
    for (let i = 0; i < 40; i++) tell(one, set(opened(one), 1, `${i}${'.'.repeat(20_000)}`))
    const again = restored(one)
    expect(again.machine.sessionStats).toEqual(one.machine.sessionStats)
    expect(snapshotOf(again.machine)).toEqual(snapshotOf(one.machine))
  })
})
