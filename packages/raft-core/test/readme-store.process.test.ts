/** The key-value store of the examples: three processes, killed and started again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { freePorts } from './free-ports.ts'

const root = path.join(import.meta.dirname, '..')
const fromSource = path.join(import.meta.dirname, 'readme-from-source.ts')
const IDS = ['a', 'b', 'c']

/** The example as it stands, but on other ports, and with snapshots after every 20 entries. */
async function install(): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'raft-store-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  const ports = await freePorts(3)
  const read = (name: string) => fs.readFileSync(path.join(root, 'examples', name), 'utf8')
  const script = read('key-value-store.ts')
    .replaceAll(/710([123])/g, (_, nth) => String(ports[Number(nth) - 1]))
    .replace('snapshotEveryEntries: 10_000', 'snapshotEveryEntries: 20')
    .replace('retainEntries: 1_000', 'retainEntries: 5')
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }')
  fs.writeFileSync(path.join(folder, 'key-value-store.ts'), script)
  fs.writeFileSync(path.join(folder, 'store.ts'), read('store.ts'))
  return folder
}

interface Member {
  readonly child: ChildProcess
  ask(line: string): Promise<string>
  kill(): Promise<void>
}

class Cluster {
  readonly #folder: string
  readonly members = new Map<string, Member>()

  constructor(folder: string) {
    this.#folder = folder
    for (const id of IDS) this.start(id)
  }

  start(id: string): void {
    const child = spawn(process.execPath, ['--import', fromSource, 'key-value-store.ts', id], {
      cwd: this.#folder,
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const lines = createInterface({ input: child.stdout })
    const ended = once(child, 'exit').then(() => [`${id} has ended`])
    const kill = async () => {
      this.members.delete(id)
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    onTestFinished(kill)
    const ask = async (line: string) => {
      const answer = Promise.race([once(lines, 'line'), ended])
      child.stdin.write(`${line}\n`)
      return String((await answer)[0])
    }
    this.members.set(id, { child, ask, kill })
  }

  /** What a member answers, once that fits: until there is a leader, errors say so. */
  async until(id: string, line: string, fits: RegExp): Promise<string> {
    let answer = ''
    for (let attempt = 0; attempt < 3_000; attempt++) {
      answer = (await this.members.get(id)?.ask(line)) ?? ''
      if (fits.test(answer)) return answer
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`${id} answers ${line} with ${answer}`)
  }

  get(id: string, key: string): Promise<string> {
    return this.until(id, key, new RegExp(`^${key} is `))
  }

  async leader(): Promise<string> {
    for (let attempt = 0; attempt < 3_000; attempt++) {
      for (const [id, { ask }] of this.members) {
        if (/^leader,/.test(await ask('?'))) return id
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error('nobody leads')
  }
}

it('three processes: put and get anywhere, lose no data when the leader is killed or all are', async () => {
  const cluster = new Cluster(await install())
  // Whoever is asked passes it on to the leader.
  for (const id of IDS) await cluster.until(id, `${id}=first`, / was .*; entry \d+$/)
  for (const id of IDS) expect(await cluster.get(id, 'c')).toBe('c is first')
  for (let round = 0; round < 2; round++) {
    const leader = await cluster.leader()
    await cluster.members.get(leader)?.kill()
    const other = IDS.find((id) => id !== leader) as string
    await cluster.until(other, `round ${round}=killed ${leader}`, / was /)
    for (let i = 0; i < 25; i++) await cluster.until(other, `count=${i}`, / was /)
    cluster.start(leader)
    expect(await cluster.get(leader, 'count')).toBe('count is 24')
  }
  for (const id of IDS) await cluster.until(id, '?', /log from ([2-9]|\d\d)/)
  await Promise.all([...cluster.members.values()].map(({ kill }) => kill()))
  for (const id of IDS) cluster.start(id)
  for (const id of IDS) {
    expect(await cluster.get(id, 'a')).toBe('a is first')
    expect(await cluster.get(id, 'round 0')).toMatch(/ is killed [abc]$/)
    expect(await cluster.get(id, 'count')).toBe('count is 24')
    expect(await cluster.get(id, 'size')).toBe('size is not there')
  }
  for (const { child } of cluster.members.values()) {
    const exited = once(child, 'exit')
    child.stdin?.end()
    expect(await exited).toEqual([0, null])
  }
})
