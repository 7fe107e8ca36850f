import { expect, it } from 'vitest'
import type { Callback } from '../ports.ts'
import { askOnce } from './asking.ts'

function asked(work: (answer: Callback<number>) => void): unknown[] {
  const told: unknown[] = []
  askOnce<number>(work, (error, value) => told.push(error?.message ?? value))
  return told
}

it('is told the first answer only, whenever it comes', () => {
  const atOnce = asked((answer) => {
    answer(undefined, 1)
    answer(new Error('again'), 2)
  })
  expect(atOnce).toEqual([1])
  const later: Callback<number>[] = []
  const told = asked((answer) => later.push(answer))
  expect(told).toEqual([])
  later[0]?.(undefined, 3)
  later[0]?.(undefined, 4)
  expect(told).toEqual([3])
})

it('takes what is thrown for the answer, also after one, and nothing after it', () => {
  const later: Callback<number>[] = []
  const told = asked((answer) => {
    later.push(answer)
    throw new Error('thrown')
  })
  later[0]?.(undefined, 1)
  expect(told).toEqual(['thrown'])
  const both = asked((answer) => {
    answer(undefined, 1)
    // What people throw that is no Error.
    throw 'and thrown'
  })
  expect(both).toEqual(['and thrown'])
})

it('does not take for an answer what is thrown by who is told', () => {
  let told = 0
  const ask = () =>
    askOnce<number>(
      (answer) => answer(undefined, 1),
      () => {
        told++
        throw new Error('my own')
      },
    )
  expect(ask).toThrow('my own')
  expect(told).toBe(1)
})
