import { OverloadedError } from '@quorail/raft-core'
import { expect, test } from 'vitest'
import { CommandGate, type RefusedFor } from './command-gate.ts'

function open() {
  const clock = { ms: 0, now: () => clock.ms }
  const refused: RefusedFor[] = []
  const limits = { commands: 8, waitMs: 100, share: 1 / 4 }
  const gate = new CommandGate({ clock, limits, onRefused: (reason) => refused.push(reason) })
  const reason = (actor: number, rows?: number) => gate.refusal(actor, rows)?.reason
  return { clock, gate, refused, reason }
}

test('takes so many at once, and another one when one has ended', () => {
  const { gate, reason, refused } = open()
  const leave = Array.from({ length: 8 }, (_, actor) => gate.enter(actor))
  expect(reason(99)).toBe('commands')
  leave[3]?.()
  expect([gate.underWay, reason(99)]).toEqual([7, undefined])
  expect(refused).toEqual(['commands'])
})

test('takes nothing while the oldest one waits for too long, however few there are', () => {
  const { clock, gate, reason } = open()
  const first = gate.enter(1)
  clock.ms = 60
  gate.enter(2)
  clock.ms = 99
  expect(reason(3)).toBeUndefined()
  clock.ms = 100
  expect(reason(3)).toBe('wait')
  first()
  expect(reason(3)).toBeUndefined()
})

test('once half of the places are taken, nobody has more than their share', () => {
  const { gate, reason } = open()
  const leave = [gate.enter(1), gate.enter(1), gate.enter(1)]
  expect(reason(1)).toBeUndefined()
  gate.enter(2)
  expect([reason(1), reason(2), reason(0)]).toEqual(['share', undefined, undefined])
  for (const one of leave) one()
  expect(reason(1)).toBeUndefined()
})

test('a database that is behind is a reason by itself; every refusal says when to come again', () => {
  const { gate } = open()
  const refused = gate.refusal(1, 60_000)
  expect(refused).toBeInstanceOf(OverloadedError)
  expect(refused?.retryAfterMs).toBe(2_000)
})
