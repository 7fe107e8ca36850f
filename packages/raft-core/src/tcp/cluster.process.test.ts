import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { freePorts } from '../../test/free-ports.ts'

interface Said {
  readonly type:
    | 'open'
    | 'leads'
    | 'done'
    | 'refused'
    | 'read'
    | 'voters'
    | 'installed'
    | 'closed'
    | 'failed'
  readonly id: string
  readonly line?: string
  readonly lines?: string[]
  readonly found?: number
}

const IDS = ['a', 'b', 'c']
const script = path.join(import.meta.dirname, '../../test/tcp-member.ts')
let folder: string
let ports: readonly number[]
let said: Said[]
const processes = new Map<string, ChildProcess>()

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'raft-tcp-'))
  ports = await freePorts(4)
  said = []
})

afterEach(async () => {
  for (const id of [...processes.keys()]) await kill(id)
  fs.rmSync(folder, { recursive: true, maxRetries: 20 })
})

function start(id: string): void {
  const args = [script, id, path.join(folder, id), ...ports.map(String)]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  processes.set(id, child)
  createInterface({ input: child.stdout }).on('line', (line) => said.push(JSON.parse(line)))
}

async function kill(id: string): Promise<void> {
  const child = processes.get(id)
  processes.delete(id)
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'close')
}

const tell = (id: string, line: string) => processes.get(id)?.stdin?.write(`${line}\n`)

/** The next that is said after `from` and fits. */
async function hear(fits: (said: Said) => boolean, from: number): Promise<Said> {
  await expect.poll(() => said.slice(from).some(fits), { timeout: 60_000, interval: 5 }).toBe(true)
  return said.slice(from).find(fits) as Said
}

/** Who took the last proposal. */
let last = ''

/** Proposes to everyone until somebody has done it; who. A command may be done more than once. */
async function propose(line: string): Promise<string> {
  for (let attempt = 0; attempt < 200; attempt++) {
    for (const id of [...processes.keys()].sort((one) => (one === last ? -1 : 1))) {
      const from = said.length
      tell(id, line)
      const answer = await hear((s) => s.id === id && s.line === line, from)
      if (answer.type !== 'done') continue
      last = id
      return id
    }
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`nobody took ${line}`)
}

async function read(id: string): Promise<string[]> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const from = said.length
    tell(id, '?')
    const fits = (s: Said) => s.id === id && (s.type === 'read' || s.line === '?')
    const answer = await hear(fits, from)
    if (answer.lines !== undefined) return answer.lines
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`${id} can not be read from`)
}

it('three processes elect, agree, and lose nothing when their leader is killed', async () => {
  for (const id of IDS) start(id)
  const acknowledged: string[] = []
  const record = async (line: string) => {
    const leader = await propose(line)
    acknowledged.push(line)
    return leader
  }
  let leader = await record('first')
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 20; i++) leader = await record(`round ${round}, ${i}`)
    const from = said.length
    await kill(leader)
    // How soon is not asked here, where machines are busy: succession.test.ts has a clock of its own.
    const successor = await hear(({ type, id }) => type === 'leads' && id !== leader, from)
    expect(successor.id).not.toBe(leader)
    await record(`without ${leader}`)
    start(leader)
    const back = await hear(({ type, id }) => type === 'open' && id === leader, from)
    expect(back.found).toBeGreaterThan(round * 20)
  }
  await record('last')
  const first = await read('a')
  for (const id of IDS) {
    const lines = await read(id)
    expect(lines).toEqual(first)
    expect(lines.filter((line) => acknowledged.includes(line))).toEqual(lines)
    for (const line of acknowledged) expect(lines).toContain(line)
  }
  expect(said.filter(({ type }) => type === 'failed')).toEqual([])
})

it('all killed at once come back with what was acknowledged, and close cleanly', async () => {
  for (const id of IDS) start(id)
  const lines = Array.from({ length: 10 }, (_, i) => `before ${i}`)
  for (const line of lines) await propose(line)
  await Promise.all(IDS.map(kill))
  for (const id of IDS) start(id)
  await propose('after')
  expect([...new Set(await read('b'))]).toEqual([...lines, 'after'])
  for (const id of IDS) {
    const child = processes.get(id) as ChildProcess
    const exited = once(child, 'exit')
    tell(id, 'close')
    expect(await exited).toEqual([0, null])
    processes.delete(id)
  }
})

it('a fourth process joins by a snapshot at an address the log tells, and stands in for the dead', async () => {
  for (const id of IDS) start(id)
  const lines = Array.from({ length: 60 }, (_, i) => `line ${i}`)
  let leader = ''
  for (const line of lines) leader = await propose(line)
  const from = said.length
  start('d')
  await hear(({ type, id }) => type === 'open' && id === 'd', from)
  leader = await propose('+d')
  await hear(({ type, id }) => type === 'installed' && id === 'd', from)
  const votes = async (id: string, member: string) => {
    const before = said.length
    tell(id, '!')
    return (await hear((s) => s.type === 'voters' && s.id === id, before)).lines?.includes(member)
  }
  for (const id of [leader, 'd']) {
    await expect.poll(() => votes(id, 'd')).toBe(true)
  }
  expect([...new Set(await read('d'))]).toEqual(lines)
  // Of the three that are left when the dead one is removed, one more may die: d counts.
  await kill(leader)
  await propose('without the leader')
  const second = await propose(`-${leader}`)
  await kill(second === 'd' ? (IDS.find((id) => id !== leader) as string) : second)
  await propose('by d and one other')
  const all = [...lines, 'without the leader', 'by d and one other']
  expect([...new Set(await read('d'))]).toEqual(all)
  // It comes back with its own log and the addresses in it.
  await kill('d')
  start('d')
  await propose('after a restart of d')
  expect([...new Set(await read('d'))]).toEqual([...all, 'after a restart of d'])
})
