import { expect, test } from 'vitest'
import { VirtualTime } from './virtual-time.ts'

test('events happen in the order of their time, equal times in the order they were given', () => {
  const time = new VirtualTime()
  const seen: string[] = []
  for (const at of [5, 1, 3, 1, 4, 2, 5, 0]) {
    const name = `${at}#${seen.length + time.now}`
    time.at(at, () => seen.push(name))
  }
  time.at(1, () => seen.push('last of 1'))
  time.runUntil(4)
  expect(seen.map((name) => name.replace(/#.*/, ''))).toEqual([
    ...['0', '1', '1', 'last of 1', '2', '3', '4'],
  ])
  expect(time.now).toBe(4)
})

test('what happens may bring more about, also at the same moment', () => {
  const time = new VirtualTime()
  const seen: number[] = []
  const again = (): void => {
    seen.push(time.now)
    time.at(time.now + 2, again)
  }
  time.at(1, () => time.at(1, again))
  time.runUntil(6)
  expect(seen).toEqual([1, 3, 5])
})

test('a thousand events at random stay in order', () => {
  const time = new VirtualTime()
  const seen: number[] = []
  for (let i = 0, at = 1; i < 1000; i++, at = (at * 7919) % 10007) {
    time.at(at, () => seen.push(time.now))
  }
  time.runUntil(10007)
  expect(seen).toHaveLength(1000)
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
})
