/** I10, exactly once: callers with sessions that repeat what has no answer, on whatever node, for ever. */
import { expect, it } from 'vitest'
import { NamesMachine } from '../../test/names-machine.ts'
import {
  openSession,
  type SessionMachine,
  type SessionResult,
  sessionMachine,
  withSession,
} from '../sessions/index.ts'
import { simulate } from './simulation.ts'
import type { Answer, Call, ClientContext } from './workload.ts'

const base = Number(process.env.QUORAIL_SEED)
const seeds = process.env.CI === undefined ? 15 : 150
const utf8 = new TextEncoder()

type Result = SessionResult<number>

interface Session {
  id: number | undefined
  sequence: number
}

function run(seed: number) {
  const sessions = new Map<number, Session>()
  const acknowledged: string[] = []
  const counts = { repeated: 0, applied: 0 }
  const workload = ({ client }: ClientContext): Call<Result, SessionMachine<number>> => {
    const session = sessions.get(client) ?? { id: undefined, sequence: 1 }
    sessions.set(client, session)
    const { id, sequence } = session
    if (id === undefined) {
      const answered = ({ result }: Answer<Result>): void => {
        if (result?.type === 'opened') session.id ??= result.sessionId
      }
      return { type: 'propose', command: openSession(), answered }
    }
    const name = `${client}/${id}/${sequence}`
    const answered = ({ result }: Answer<Result>): void => {
      if (result?.type !== 'applied' && result?.type !== 'repeated') return
      if (result.result !== 1) throw new Error(`${name} was applied ${result.result} times`)
      counts[result.type]++
      if (session.sequence !== sequence) return
      session.sequence++
      acknowledged.push(name)
    }
    return { type: 'propose', command: withSession(id, sequence, utf8.encode(name)), answered }
  }
  const machines = new WeakMap<SessionMachine<number>, NamesMachine>()
  const report = simulate<Result, SessionMachine<number>>({
    seed,
    events: 8000,
    // A machine with sessions keeps nothing by itself.
    without: ['ownDurability'],
    set: { valueBytes: 8 },
    machine: () => {
      const inner = new NamesMachine()
      const machine = sessionMachine<number>(inner, {
        encodeResult: (count) => Uint8Array.of(count & 255),
        decodeResult: ([count = 0]) => count,
      })
      machines.set(machine, inner)
      return machine
    },
    workload,
    hash: (machine) => `${machines.get(machine)?.names.join()} ${machine.sessionStats.sessions}`,
    check: (all) => {
      for (const machine of all) {
        const names = machines.get(machine)?.names ?? []
        if (new Set(names).size !== names.length) throw new Error('a command was applied twice')
        const missing = acknowledged.find((name) => !names.includes(name))
        if (missing !== undefined) throw new Error(`${missing} is gone`)
      }
    },
  })
  return { report, counts }
}

it(`a command of a session is applied once: seeds from ${base}`, () => {
  let [applied, repeated] = [0, 0]
  for (let seed = base; seed < base + seeds; seed++) {
    const { report, counts } = run(seed)
    expect(report.violation, `seed ${seed}\n${report.trace.join('\n')}`).toBeUndefined()
    applied += counts.applied
    repeated += counts.repeated
  }
  // Both happen all the time, or nothing was tried.
  expect(applied).toBeGreaterThan(10 * seeds)
  expect(repeated).toBeGreaterThan(0)
})
