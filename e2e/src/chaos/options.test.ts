import { expect, test } from 'vitest'
import { parseOptions, UsageError } from './options.ts'

test('without options every fault is done, with a seed of its own', () => {
  const options = parseOptions([])
  expect(options).toMatchObject({
    faults: ['kill', 'pause', 'partition', 'power', 'disk', 'snapshot'],
    rounds: { kill: 45, pause: 4, partition: 6, power: 25, disk: 7, snapshot: 10 },
    control: false,
  })
  expect(options).toHaveProperty('seed', expect.any(Number))
})

test('faults, rounds and seed are as given; --full is ten times as many', () => {
  const words = ['--faults', 'pause,kill', '--rounds', '3', '--seed', '9', '--json', '--out', 'x']
  expect(parseOptions(words)).toMatchObject({
    ...{ faults: ['pause', 'kill'], seed: 9, json: true, out: 'x', tls: false },
    rounds: { kill: 3, pause: 3 },
  })
  expect(parseOptions(['--full', '--tls'])).toMatchObject({
    ...{ rounds: { kill: 450, power: 250 }, tls: true },
  })
})

test.each([
  ['--faults', 'fire'],
  ['--rounds', '0'],
  ['--seed', 'x'],
  ['--what', 'else'],
])('%s %s is refused', (...words) => {
  expect(() => parseOptions(words)).toThrow(UsageError)
})
