import { expect, it } from 'vitest'
import { ChainMachine } from './chain-machine.ts'
import { simulate } from './simulation.ts'

/** Runs in which every call is a read that looks, or a command; tells what the looks were behind. */
function looks(consistency?: 'stale') {
  let behind = 0
  let count = 0
  for (const seed of [1, 2, 3, 4]) {
    let acknowledged = 0
    const { violation } = simulate<Uint8Array, ChainMachine>({
      seed,
      profile: 'network',
      machine: () => new ChainMachine(undefined),
      workload: ({ random, calls }) => {
        const known = acknowledged
        if (random() < 0.5) {
          const look = (machine: ChainMachine) => {
            count++
            if (machine.appliedIndex < known) behind++
          }
          return { type: 'read', look, consistency }
        }
        const answered = ({ index }: { index: number }) => {
          acknowledged = Math.max(acknowledged, index)
        }
        return { type: 'propose', command: Uint8Array.of(calls & 255), answered }
      },
    })
    expect(violation).toBeUndefined()
  }
  expect(count).toBeGreaterThan(200)
  return behind
}

it('bug: a user’s look was given a stale state that nobody had asked for', () => {
  expect(looks()).toBe(0)
})

it('a workload may ask for stale reads', () => {
  expect(looks('stale')).toBeGreaterThan(0)
})

it('bug: the last check was shown machines that had yet to apply what was acknowledged', () => {
  for (const seed of [4, 5, 8, 9, 10, 12]) {
    let acknowledged = 0
    let members = 0
    const { violation } = simulate<Uint8Array, ChainMachine>({
      seed,
      machine: () => new ChainMachine(undefined),
      workload: ({ calls }) => {
        const answered = ({ index }: { index: number }) => {
          acknowledged = Math.max(acknowledged, index)
        }
        return { type: 'propose', command: Uint8Array.of(calls & 255), answered }
      },
      check: (machines) => {
        members = machines.length
        for (const { appliedIndex } of machines) {
          if (appliedIndex < acknowledged) throw new Error(`${appliedIndex} of ${acknowledged}`)
        }
      },
    })
    expect(violation).toBeUndefined()
    expect(members).toBeGreaterThan(0)
  }
})
