import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it, onTestFinished } from 'vitest'
import { freePorts } from './free-ports.ts'

const root = new URL('..', import.meta.url).pathname

/** The example as it stands in the README, over the sources instead of the package. */
function example(ports: readonly number[]): string {
  const readme = fs.readFileSync(`${root}README.md`, 'utf8')
  const blocks = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '')
  const found = blocks.find((block) => block.includes('openTcpTransport({ id, clusterId')) ?? ''
  expect(found.split('\n').length).toBeLessThan(100)
  return found
    .replaceAll(/'@quorail\/raft-core(?:\/(\w+))?'/g, (_, door = '.') => {
      return `'${path.join(root, 'src', door, 'index.ts')}'`
    })
    .replaceAll(/710([123])/g, (_, nth) => String(ports[Number(nth) - 1]))
}

interface Member {
  readonly child: ChildProcess
  ask(line: string): Promise<string>
  kill(): Promise<void>
}

function start(folder: string, script: string, id: string): Member {
  const child = spawn(process.execPath, [script, id], {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  onTestFinished(kill)
  const ask = async (line: string) => {
    const answer = once(lines, 'line')
    child.stdin.write(`${line}\n`)
    return String((await answer)[0])
  }
  return { child, ask, kill }
}

it('the durable cluster in the README does what it says', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'raft-readme-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true }))
  const script = path.join(folder, 'member.ts')
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }')
  fs.writeFileSync(script, example(await freePorts(3)))
  const members = new Map(['a', 'b', 'c'].map((id) => [id, start(folder, script, id)]))
  /** Whoever leads takes it; the others say whom to ask. */
  const put = async (line: string): Promise<string> => {
    for (let attempt = 0; attempt < 500; attempt++) {
      for (const [id, { ask }] of members) {
        const answer = await ask(line)
        if (/ was /.test(answer)) return id
        expect(answer).toMatch(/^ask |outcome unknown|not confirmed/)
      }
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`nobody took ${line}`)
  }
  const get = async (id: string, key: string): Promise<string> => {
    for (let attempt = 0; attempt < 500; attempt++) {
      const answer = await (members.get(id) as Member).ask(key)
      if (/ is /.test(answer)) return answer
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    throw new Error(`${id} does not say what ${key} is`)
  }
  const leader = await put('colour=red')
  for (const id of members.keys()) expect(await get(id, 'colour')).toBe('colour is red')
  await members.get(leader)?.kill()
  members.delete(leader)
  await put('colour=blue')
  members.set(leader, start(folder, script, leader))
  expect(await get(leader, 'colour')).toBe('colour is blue')
  expect(await get(leader, 'size')).toBe('size is not there')
  for (const { child } of members.values()) {
    const exited = once(child, 'exit')
    child.stdin?.end()
    expect(await exited).toEqual([0, null])
  }
})
