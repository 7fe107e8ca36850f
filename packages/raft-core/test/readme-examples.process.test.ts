/** Each example in one process runs, over the sources, and prints what it says. */
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const root = path.join(import.meta.dirname, '..')
const fromSource = path.join(import.meta.dirname, 'readme-from-source.ts')

async function outputOf(example: string): Promise<readonly string[]> {
  const words = ['--import', fromSource, path.join(root, 'examples', example)]
  // Bounded: an example that does not end would be one that leaves something open.
  const { stdout, stderr } = await promisify(execFile)(process.execPath, words, {
    timeout: 240_000,
  })
  expect(stderr).toBe('')
  return stdout.trimEnd().split('\n')
}

it('the counter counts to 42', async () => {
  expect(await outputOf('counter.ts')).toEqual(['42'])
})

it('each of the four reads sees what was written', async () => {
  const lines = await outputOf('reads.ts')
  expect(lines).toHaveLength(4)
  for (const line of lines) expect(line).toMatch(/: red$/)
})

it('a cluster grows, replaces a member, and shrinks', async () => {
  expect(await outputOf('membership.ts')).toEqual([
    'voters: a b c d - d has red',
    'refused: configChanged',
    expect.stringMatching(/^[abc] is replaced: true$/),
    'the leader has gone: follower',
  ])
})

it('snapshots are made, given to a new member, and made when asked for', async () => {
  expect(await outputOf('snapshots.ts')).toEqual([
    expect.stringMatching(/^a snapshot of entry [12]\d\d, a log from entry 1\d\d on$/),
    expect.stringMatching(/^d has "value 249", its log begins at [12]\d\d$/),
    expect.stringMatching(/^asked for: entry 25\d, \d+ bytes$/),
  ])
})

it('a command whose answer was lost is applied once, and answered as at first', async () => {
  expect(await outputOf('sessions.ts')).toEqual([
    'red in place of ""; asked again: true',
    'blue in place of "red"; asked again: true',
  ])
})

it('the store is simulated without a complaint, and a careless one is found', async () => {
  const lines = await outputOf('simulation.ts')
  expect(lines).toHaveLength(6)
  for (const line of lines.slice(0, 5)) expect(line).toMatch(/^seed \d: \d+ events, \d+ elections/)
  expect(lines[5]).toMatch(/^found by seed \d+: (I11|I13|check), /)
})

it('a state machine and a network are held to the suites', async () => {
  const lines = await outputOf('suites.ts')
  expect(lines.length).toBeGreaterThan(15)
  for (const line of lines) expect(line).toMatch(/^ok /)
})
