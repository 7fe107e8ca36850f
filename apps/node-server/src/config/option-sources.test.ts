import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkLines } from './check-lines.ts'
import { parseServeOptions, serveHelp } from './node-config.ts'
import { readOptions, variableOf } from './option-sources.ts'
import { serveOptionNames } from './serve-options.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'quorail-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const least = {
  id: 'n1',
  data: 'd',
  'client-port': 3001,
  'peer-port': '3011',
  cluster: 'n1=http://localhost:3001,http://localhost:3011',
}

function file(content: unknown): string[] {
  const name = path.join(folder, 'quorail.json')
  writeFileSync(name, typeof content === 'string' ? content : JSON.stringify(content))
  return ['--config', name]
}

test('a file alone is enough', () => {
  const config = parseServeOptions(file({ ...least, host: ['127.0.0.2'], 'behind-proxy': true }))
  expect(config).toMatchObject({
    id: 'n1',
    clientPort: 3001,
    hosts: ['127.0.0.2'],
    behindProxy: true,
  })
})

test('a flag counts before the environment, and that before the file', () => {
  const words = file({ ...least, 'hold-ms': 1_000, 'retain-log-mib': 1, 'log-level': 'warn' })
  const environment = { QUORAIL_NODE_HOLD_MS: '2000', QUORAIL_NODE_RETAIN_LOG_MIB: '2' }
  expect(parseServeOptions([...words, '--hold-ms', '3000'], environment)).toMatchObject({
    holdMs: 3_000,
    retainLogBytes: 2 * 2 ** 20,
    logLevel: 'warn',
  })
})

test('the environment may name the file, and hold lists', () => {
  const [, name] = file(least)
  const environment = {
    QUORAIL_NODE_CONFIG: name,
    QUORAIL_NODE_ORIGIN: 'https://a.example, https://b.example',
  }
  expect(parseServeOptions([], environment)).toMatchObject({
    origins: ['https://a.example', 'https://b.example'],
  })
})

test.each([
  [{ ...least, 'client-prot': 1 }, 'client-prot in .* is no option of serve'],
  [{ ...least, 'client-port': 'many' }, 'client-port in .* must be a whole number from 0 to 65535'],
  [{ ...least, 'behind-proxy': 'yes' }, 'behind-proxy in .* must be true or false'],
  [{ ...least, origin: 'https://a.example' }, 'origin in .* must be a list of texts'],
  [{ ...least, id: ['n1'] }, 'id in .* must be a text or a number'],
  [[least], 'must be one JSON object'],
  ['{', 'can not be read'],
])('%j is refused by name', (content, problem) => {
  expect(() => parseServeOptions(file(content))).toThrow(new RegExp(problem))
})

test.each([
  [{ QUORAIL_NODE_PROT: '1' }, 'QUORAIL_NODE_PROT is no option of serve'],
  [{ QUORAIL_NODE_HOLD_MS: '1.5' }, 'QUORAIL_NODE_HOLD_MS must be a whole number'],
  [{ QUORAIL_NODE_BEHIND_PROXY: '1' }, 'QUORAIL_NODE_BEHIND_PROXY must be true or false'],
])('%j is refused by name', (environment, problem) => {
  expect(() => parseServeOptions(file(least), environment)).toThrow(problem)
})

test('what other programs put into the environment is nothing to us', () => {
  expect(parseServeOptions(file(least), { QUORAIL_SEED: '1', HOME: '/root' })).toMatchObject({
    id: 'n1',
  })
})

test('--check says what would count and where it is from, and no secret', () => {
  const secret = path.join(folder, 'smtp-url')
  writeFileSync(secret, 'smtp://mailer:tr0ub4dor@mail.example:587')
  const words = [...file({ ...least, 'smtp-url-file': secret }), '--check', '--hold-ms', '5000']
  const environment = { [variableOf('gateway-url')]: 'http://user:hunter2@localhost:3020' }
  const given = readOptions(words, environment)
  expect(given.check).toBe(true)
  const lines = checkLines(given)
  expect(lines).toHaveLength(serveOptionNames.length)
  const line = (name: string) => lines.find((it) => it.startsWith(`${name} `))
  expect(line('hold-ms')).toMatch(/ 5000 {2}\(--hold-ms\)$/)
  expect(line('log-level')).toMatch(/ info {2}\(default\)$/)
  expect(line('id')).toMatch(/ n1 {2}\(id in .*quorail\.json\)$/)
  expect(line('gateway-url')).toMatch(
    / http:\/\/user:…@localhost:3020 {2}\(QUORAIL_NODE_GATEWAY_URL\)$/,
  )
  expect(lines.join()).not.toMatch(/tr0ub4dor|hunter2/)
})

test('--check refuses what a start would refuse', () => {
  const given = readOptions([...file({ ...least, id: 'n9' }), '--check'], {})
  expect(() => checkLines(given)).toThrow('names no member n9')
})

test('the help names every option', () => {
  for (const name of serveOptionNames) expect(serveHelp).toContain(`--${name} `)
})
