import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { repositoryFolder } from '../../tools/product/repository.ts'
import { type PortBlock, reservePortBlock } from '../../tools/testing/port-block.ts'

// What a person does with `npm start` in the first minutes, on ports and in a folder of its own.
let block: PortBlock
let folder: string
let start: Start

beforeAll(async () => {
  block = await reservePortBlock(3)
  folder = mkdtempSync(path.join(tmpdir(), 'quorail-start-'))
})

afterAll(async () => {
  await start.stop('SIGKILL')
  await block.release()
  rmSync(folder, { recursive: true, force: true, maxRetries: 20 })
})

test('the first start prints all a person needs, and the product answers', async () => {
  start = new Start()
  await start.says('Ctrl-C stops everything', 180_000)
  const { web } = block.ports
  expect(start.output).toContain(`Quorail is running:  http://localhost:${web}`)
  expect(start.output).toMatch(/n[123] +http:\/\/localhost:\d+ +\d+ +leader/)
  expect(start.output.match(/n[123] +http:\/\/localhost:\d+ +\d+ +follower/g)).toHaveLength(2)
  expect(start.output).toMatch(/staff +staff@\S+ +\S{12}/)
  expect(start.output).toMatch(/passenger +passenger@\S+ +\S{12}/)
  for (const card of ['Approves', 'Declines', 'Slow', 'Dead', 'Duplicate webhook'])
    expect(start.output).toContain(card)
  const search = /a search +(\S+)/.exec(start.output)?.[1] ?? ''
  const page = await fetch(search)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain('Quorail')
})

test('the leader is killed: it is named, another leads, and it comes back', async () => {
  const leader = Number(/kill -9 (\d+)/.exec(start.output)?.[1])
  process.kill(leader, 'SIGKILL')
  await start.says(`(pid ${leader}) was ended by SIGKILL. It starts again in 3 s.`, 60_000)
  await start.says('bookings go on', 60_000)
  await start.says('is back', 60_000)
})

test('a second start beside it says which ports are taken and how to use others', async () => {
  const second = new Start()
  expect(await second.exitCode).toBe(1)
  expect(second.output).toMatch(/port \d+ \(web app\)/)
  expect(second.output).toMatch(/npm start -- --port-base \d+/)
})

test('it stops within 5 s and leaves nothing running', async () => {
  const children = start.children()
  expect(children).toHaveLength(6)
  const before = Date.now()
  expect(await start.stop('SIGTERM')).toBe(0)
  // The promise is 5 s; the rest is for a machine that has other things to do.
  expect(Date.now() - before).toBeLessThan(30_000)
  expect(children.filter(isRunning)).toEqual([])
})

test('the next start goes on with the same data and shows the address within 10 s', async () => {
  const logins = /passenger +passenger@\S+ +\S{12}/.exec(start.output)?.[0]
  const before = Date.now()
  start = new Start()
  await start.says('Ctrl-C stops everything', 120_000)
  // The promise is 10 s; the rest is for a machine that has other things to do.
  expect(Date.now() - before).toBeLessThan(60_000)
  expect(start.output).toContain(logins)
  expect(await start.stop('SIGINT')).toBe(0)
})

class Start {
  output = ''
  readonly exitCode: Promise<number | null>
  readonly #process: ChildProcess

  constructor() {
    const options = ['--port-base', String(block.ports.base), '--data', path.join(folder, 'data')]
    // As tools/run.mjs starts it when everything is built.
    this.#process = spawn(process.execPath, ['tools/start/main.ts', ...options], {
      cwd: repositoryFolder,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.on('data', (chunk) => {
        this.output += chunk
      })
    this.exitCode = new Promise((resolve) => this.#process.once('close', (code) => resolve(code)))
  }

  async says(text: string, withinMilliseconds: number): Promise<void> {
    const deadline = Date.now() + withinMilliseconds
    while (!this.output.includes(text)) {
      if (Date.now() > deadline)
        throw new Error(
          `It did not say "${text}" within ${withinMilliseconds} ms but:\n${this.output}`,
        )
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  stop(signal: NodeJS.Signals): Promise<number | null> {
    this.#process.kill(signal)
    return this.exitCode
  }

  children(): readonly number[] {
    const { pid } = this.#process
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
