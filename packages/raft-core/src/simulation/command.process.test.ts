/** What `pnpm sim` does with runs that fail: shown with planted bugs. */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const source = path.join(import.meta.dirname, '..')
const command = path.join(import.meta.dirname, '../../../../tools/sim.mjs')
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'quorail-sim-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A copy of the source with a change. */
async function plant(file: string, from: string, to: string): Promise<string> {
  const copy = await mkdtemp(path.join(folder, 'src-'))
  await cp(source, copy, { recursive: true, filter: (name) => !name.endsWith('.test.ts') })
  const text = await readFile(path.join(copy, file), 'utf8')
  expect(text.split(from)).toHaveLength(2)
  await writeFile(path.join(copy, file), text.replace(from, to))
  return copy
}

function sim(...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr })
    })
  })
}

async function failingSeed(copy: string): Promise<string> {
  const { code, output } = await sim(
    '--source',
    copy,
    '--seed',
    '1',
    '--seeds',
    '200',
    '--events',
    '10000',
  )
  expect(code).toBe(1)
  const seed = /replay: pnpm sim --seed (\d+) --events 10000 --profile swarm/.exec(output)?.[1]
  expect(seed).toBeDefined()
  return seed ?? ''
}

describe('a failing run', () => {
  it.each([
    [
      'core/following.ts',
      'if (ours === entry.term) continue',
      'if (ours === entry.term && entry.index <= s.commitIndex) continue',
    ],
    ['core/raft-log.ts', 'lastLogIndex >= this.lastIndex', 'lastLogIndex >= 0'],
    [
      'wal/snapshot-writer.ts',
      '(next) => this.#disk.syncDirectory(next),\n        (next) => this.#closeFile(next),',
      '(next) => this.#closeFile(next),',
    ],
  ])('is replayed bit for bit, and shrunk to a few faults: %s', async (...change) => {
    const copy = await plant(...change)
    const seed = await failingSeed(copy)
    const [first, second] = await Promise.all(
      [1, 2].map(() => sim('--source', copy, '--seed', seed, '--events', '10000', '--json')),
    )
    expect(second?.output).toBe(first?.output)
    const { output } = await sim('--source', copy, '--shrink', '--seed', seed, '--events', '10000')
    const faults = Number(/^(\d+) faults are enough/m.exec(output)?.[1])
    expect(faults, output).toBeLessThanOrEqual(10)
    expect(output).toContain('const { violation } = simulate({')
  })
})

describe('what a run must not do', () => {
  it('drawing numbers of the host is noticed', async () => {
    const copy = await plant(
      'core/roles.ts',
      '  s.termStart = index\n',
      '  s.termStart = index + 0 * Math.random()\n',
    )
    const { code, output } = await sim('--source', copy, '--seed', '1', '--events', '2000')
    expect(code).toBe(1)
    expect(output).toContain('random: not in a simulation')
  })

  it('a run that is another in another process is noticed', async () => {
    const copy = await plant(
      'simulation/digest.ts',
      '  #a = 0x811c9dc5\n',
      '  #a = 0x811c9dc5 + process.pid\n',
    )
    const args = ['--seed', '1', '--seeds', '2', '--events', '1000', '--workers', '2']
    const { code, output } = await sim('--source', copy, ...args, '--double', '1')
    expect(code).toBe(1)
    expect(output).toContain('two runs differ')
    expect((await sim(...args, '--double', '1')).code).toBe(0)
  })

  it('a rare state that is never met is named', async () => {
    const { code, output } = await sim('--seed', '1', '--seeds', '2', '--events', '1000', '--marks')
    expect(code).toBe(1)
    expect(output).toContain('never met: leader removed')
  })
})
