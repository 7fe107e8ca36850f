import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { admin, adminHelp } from './admin.ts'
import { UsageError } from './usage-error.ts'

let written = ''

beforeEach(() => {
  written = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    written += String(text)
    return true
  })
  vi.stubEnv('QUORAIL_TOKEN', 'a-token-that-nobody-is-asked-with')
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

test('help says every action, every way to log in and every exit code', async () => {
  expect(await admin(['--help'])).toBe(0)
  expect(written).toBe(adminHelp)
  for (const word of [
    'accounts',
    'rules',
    'runs',
    'trains',
    'roles',
    'sessions',
    'second-factor',
    'QUORAIL_TOKEN',
  ])
    expect(written).toContain(word)
  expect(written).toMatch(/Exit codes: 0 .*; 1 .*; 2 .*/)
  expect(await admin([])).toBe(2)
})

test.each([
  [['people'], 'There is no "admin people"'],
  [['accounts', '--role', 'king'], '--role is one of passenger, agent, staff, operator, guest'],
  [['accounts', '--state', 'gone'], '--state is one of open, closed, erased'],
  [['accounts', '1', '2'], '"2" is not understood'],
  [['rules', '--at', 'soon'], '--at must be an instant'],
  [['runs'], 'Say --from DATE'],
  [['runs', '--from', '2026-12-01', '--train', 'IC'], '--train must be a number'],
  [['roles', '1'], 'Say the account and its role'],
  [['roles', '1', 'king'], 'A role is one of'],
  [['sessions'], 'Say the account'],
  [['second-factor', 'enable'], 'Say the code'],
  [['second-factor', 'lose'], 'show, begin, enable, disable, require, ask, approve, resets'],
  [['second-factor', 'require', 'staff'], 'Say from when on'],
  [
    ['second-factor', 'require', 'king', '--at', '2026-12-24'],
    'A role that may need one is one of',
  ],
  [['second-factor', 'begin'], 'QUORAIL_PASSWORD'],
  [['accounts', '--limit', '-1'], 'argument is ambiguous'],
  [['accounts', '--limit', 'many'], '--limit must be a whole number'],
  [['accounts', '--nonsense'], "Unknown option '--nonsense'"],
])('%j is refused before anybody is called: %s', async (words, problem) => {
  const error = await admin(words).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UsageError)
  expect((error as Error).message).toContain(problem)
})

test('without a way to log in it says what there is', async () => {
  vi.stubEnv('QUORAIL_TOKEN', '')
  await expect(admin(['trains', '--data', 'nowhere'])).rejects.toThrow('QUORAIL_PASSWORD')
  await expect(admin(['trains', '--login', 'nowhere.json'])).rejects.toThrow('names nobody')
})
