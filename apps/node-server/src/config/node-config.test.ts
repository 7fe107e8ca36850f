import { expect, test } from 'vitest'
import { parseServeOptions } from './node-config.ts'

const cluster = 'n1=http://localhost:3001,http://localhost:3011'
const least = [
  '--id',
  'n1',
  '--data',
  'd',
  '--client-port',
  '3001',
  '--peer-port',
  '3011',
  '--cluster',
  cluster,
]

test('what is not given has its default', () => {
  expect(parseServeOptions(least)).toMatchObject({
    id: 'n1',
    hosts: ['127.0.0.1', '::1'],
    origins: [],
    holdMs: 600_000,
    demoFile: undefined,
    firstOperatorFile: undefined,
    paymentUrl: undefined,
  })
})

test('the log that is kept may be less than one MiB', () => {
  const words = [...least, '--retain-log-mib', '0.5']
  expect(parseServeOptions(words)).toMatchObject({ retainLogBytes: 524_288 })
})

test('entries that are passed over are said by index and term', () => {
  const words = [...least, '--skip-entry', '8123:7', '--skip-entry', '9:1,10:2']
  expect(parseServeOptions(words)).toMatchObject({
    skippedEntries: new Map([
      [8123, 7],
      [9, 1],
      [10, 2],
    ]),
  })
})

test('lists and addresses', () => {
  const words = [
    ...least,
    '--origin',
    'http://localhost:3000/',
    '--origin',
    'https://a.example',
    '--host',
    '127.0.0.2',
  ]
  expect(parseServeOptions(words)).toMatchObject({
    origins: ['http://localhost:3000', 'https://a.example'],
    hosts: ['127.0.0.2'],
  })
})

test.each([
  [['--id', 'n9'], 'names no member n9'],
  [['--id', 'nœud'], 'names no member nœud'],
  [['--client-port', '70000'], '--client-port must be a whole number from 0 to 65535'],
  [['--hold-ms', '1.5'], '--hold-ms must be a whole number'],
  [['--retain-log-mib', 'half'], '--retain-log-mib must be a number from 0 to 1048576'],
  [['--skip-entry', '8123'], '--skip-entry is INDEX:TERM'],
  [['--skip-entry', '8123:0'], '--skip-entry is INDEX:TERM'],
  [['--cluster-id', 'xyz'], '32 hexadecimal digits'],
  [['--payment-secret-file', '/nowhere/at/all'], 'can not be read'],
  [['--no-such-option', '1'], '--no-such-option'],
  [['--origin', 'localhost:3000'], 'is no address'],
])('%j is refused by name', (words, problem) => {
  expect(() => parseServeOptions([...least, ...words])).toThrow(problem)
})

test('what must be given is named when it is missing', () => {
  expect(() => parseServeOptions(['--id', 'n1'])).toThrow('--cluster is missing')
})
