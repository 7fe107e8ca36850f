import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findAccountByEmail, info } from '@quorail/booking-fsm'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../testing/memory-host.ts'
import { firstOperator } from './first-operator.ts'
import { verifyPassword } from './passwords.ts'

let host: MemoryHost
let said: string[]
beforeEach(() => {
  host = createMemoryHost(Date.UTC(2026, 10, 22))
  foundMemoryHost(host)
  said = []
})

function fileOf(content: string, mode = 0o600): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-operator-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'operator.json')
  writeFileSync(file, content, { mode })
  return file
}

const run = (file: string) => {
  const say = (message: string): void => void said.push(message)
  return firstOperator({ host, file, log: { info: say, warn: say } })(new AbortController().signal)
}
const login = '{"email": " Olga@Example.org ", "password": "correct horse"}'
const register = (role: 'passenger' | 'staff', email: string) =>
  host.run({ type: 'registerAccount', email, displayName: 'P', passwordHash: 'x', role })

test('the operator in the file is registered, once, while there are only passengers', async () => {
  register('passenger', 'pat@example.org')
  const file = fileOf(login)
  await run(file)
  const operator = findAccountByEmail(host.state, 'olga@example.org')
  expect(operator?.role).toBe('operator')
  expect(await verifyPassword('correct horse', operator?.passwordHash)).toBe(true)
  rmSync(file)
  await run(file)
  expect(info(host.state).accounts).toBe(2)
  expect(said).toEqual([`the first operator is registered; ${file} is not needed any more`])
})

test('with staff there, nobody is registered, and the file need not be there', async () => {
  register('staff', 'sam@example.org')
  await run('/nowhere/at/all')
  expect(info(host.state).accounts).toBe(1)
})

test('a file that others can read is used, with a warning', async () => {
  await run(fileOf(login, 0o644))
  expect(said[0]).toContain('chmod 600')
})

test('a password is never in what is said of a file that is no JSON', async () => {
  const error = await run(fileOf('{"password": hunter22}')).catch((it: unknown) => it)
  expect(String(error)).toContain('names no operator')
  expect(String(error)).not.toContain('hunter22')
})

test.each([
  ['[]', 'names no operator'],
  ['null', 'names no operator'],
  ['{"email": "olga@example.org"}', 'names no operator'],
  ['{"email": "olga@example.org", "password": "short"}', 'fewer than 8 characters'],
  ['{"email": "olga", "password": "correct horse"}', 'refused: invalid'],
  ['{"email": "pat@example.org", "password": "correct horse"}', 'is a passenger already'],
])('%s is refused: %s', async (content, problem) => {
  register('passenger', 'pat@example.org')
  await expect(run(fileOf(content))).rejects.toThrow(problem)
})
