import { Code, ConnectError } from '@connectrpc/connect'
import { ErrorDetail_Outcome, ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { expect, test } from 'vitest'
import type { Clock } from './clock.ts'
import { newRequestId } from './request-id.ts'
import { type ResolveUnknownState, resolveUnknown } from './resolve-unknown.ts'

const error = (code: Code, name: string, outcome: ErrorDetail_Outcome) =>
  new ConnectError(name, code, undefined, [
    { desc: ErrorDetailSchema, value: { code: name, sentence: `${name}.`, outcome } },
  ])
const unknown = () => error(Code.Aborted, 'OUTCOME_UNKNOWN', ErrorDetail_Outcome.UNKNOWN)
const noQuorum = () => error(Code.Unavailable, 'NO_QUORUM', ErrorDetail_Outcome.NOT_DONE)
const expired = () => error(Code.FailedPrecondition, 'HOLD_EXPIRED', ErrorDetail_Outcome.NOT_DONE)

function harness() {
  const waits: number[] = []
  const states: ResolveUnknownState[] = []
  const clock: Clock = {
    now: () => 0,
    after(ms, run) {
      waits.push(ms)
      queueMicrotask(run)
      return () => undefined
    },
  }
  return { waits, states, options: { clock, onState: (s: ResolveUnknownState) => states.push(s) } }
}

test('asks until the answer is definite, in growing pauses of at most 3 s', async () => {
  const { waits, states, options } = harness()
  let calls = 0
  const answer = await resolveUnknown(
    async () => {
      if (++calls < 12) throw calls % 2 === 1 ? unknown() : noQuorum()
      return 'ticket'
    },
    { ...options, random: () => 1 },
  )
  expect([answer, calls]).toEqual(['ticket', 12])
  expect(waits).toEqual([250, 500, 1000, 2000, ...Array(7).fill(3000)])
  expect(states.filter((state) => state.phase === 'asking').length).toBe(12)
  expect(states[1]).toMatchObject({ phase: 'waiting', error: { sentence: 'OUTCOME_UNKNOWN.' } })
})

test('a definite refusal ends it', async () => {
  const { options } = harness()
  let calls = 0
  const promise = resolveUnknown(async () => {
    throw ++calls === 1 ? unknown() : expired()
  }, options)
  await expect(promise).rejects.toThrow('HOLD_EXPIRED')
  expect(calls).toBe(2)
})

test('leaving the page ends it', async () => {
  const controller = new AbortController()
  let calls = 0
  const promise = resolveUnknown(
    async () => {
      calls++
      throw unknown()
    },
    { signal: controller.signal, pauseFirstMs: 60_000, pauseMostMs: 60_000 },
  )
  setTimeout(() => controller.abort(), 20)
  await expect(promise).rejects.toThrow('OUTCOME_UNKNOWN')
  expect(calls).toBe(1)
})

test('request ids are 32 hexadecimal digits, never twice', () => {
  const ids = Array.from({ length: 1000 }, newRequestId)
  expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true)
  expect(new Set(ids).size).toBe(1000)
})
