/** The command, as a user calls it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quorail-scenarios-'))
  mkdirSync(path.join(folder, 'quorum'))
  mkdirSync(path.join(folder, 'empty'))
  writeFileSync(path.join(folder, 'quorum/good.txt'), 'vote cfg=(1) votes=(y)\n----\nVoteWon\n')
  writeFileSync(path.join(folder, 'bad.txt'), '\nvote cfg=(1) votes=(y)\n----\nVoteLost\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

let env: NodeJS.ProcessEnv = {}

function scenarios(...args: string[]) {
  const main = path.join(import.meta.dirname, 'main.ts')
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, ...args], {
    encoding: 'utf8',
    env: { ...process.env, QUORAIL_SCENARIOS_DIR: undefined, ...env },
  })
  return { stdout, stderr, status }
}

test('a line for each file, the first difference, and a summary', () => {
  const { stdout, status } = scenarios(folder)
  expect(stdout).toBe(`FAIL  bad.txt:4: vote cfg=(1) votes=(y)
        expected  VoteLost
        found     VoteWon
pass  quorum/good.txt

1 passed, 1 failed
`)
  expect(status).toBe(1)
})

test('all passed', () => {
  expect(scenarios(path.join(folder, 'quorum'), '--verbose')).toEqual({
    stdout: 'pass  good.txt  (quorum, 1 commands)\n\n1 passed, 0 failed\n',
    stderr: '',
    status: 0,
  })
})

test('the folder may be given by a variable', () => {
  env = { QUORAIL_SCENARIOS_DIR: path.join(folder, 'quorum') }
  expect(scenarios().stdout).toContain('1 passed, 0 failed')
  env = {}
})

test.each([
  [[], /Name the folder/],
  [['nowhere'], /There is no folder .*nowhere\./],
  [['--what'], /usage: pnpm scenarios DIR/],
  [['a', 'b'], /one folder only/],
])('%j: a sentence, and exit code 2', (args, sentence) => {
  expect(scenarios(...args)).toMatchObject({ status: 2, stderr: expect.stringMatching(sentence) })
})

test('a folder without scenarios is not a success', () => {
  const { status, stderr } = scenarios(path.join(folder, 'empty'))
  expect(stderr).toContain('There are no scenario files')
  expect(status).toBe(2)
})
