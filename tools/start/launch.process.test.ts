import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { repositoryFolder } from '../product/repository.ts'

let launcher: RunningLauncher

/** The promise is 5 s; the rest is for a machine that has other things to do. */
const patienceMs = 30_000

afterEach(() => launcher.cleanUp())

test('children are started, named when they die, and started again', async () => {
  launcher = new RunningLauncher('n1', 'n2', 'web')
  await launcher.says('RUNNING')
  const [first] = launcher.childPids()
  process.kill(first as number, 'SIGKILL')
  await launcher.says(`n1 (pid ${first}) was ended by SIGKILL. It starts again in 0.3 s.`)
  await launcher.says('SEEN n1')
  await launcher.says('n1 is back')
  launcher.process.kill('SIGTERM')
  expect(await launcher.exitCode()).toBe(0)
})

test('a node that was removed from its cluster is not started again; one that was asked to restart is', async () => {
  launcher = new RunningLauncher('n1=removed', 'n2', 'web')
  await launcher.says('RUNNING')
  const [removed, restarted, web] = launcher.childPids() as [number, number, number]
  process.kill(removed, 'SIGUSR2')
  await launcher.says('n1 was removed from the cluster and is not started again.')
  process.kill(restarted, 'SIGUSR2')
  await launcher.says(`n2 (pid ${restarted}) ended with code 5. It starts again in 0.3 s.`)
  // Longer after the other's end than a restart takes.
  await launcher.says('n2 is back')
  expect(launcher.output).not.toContain('n1 is back')
  const left = launcher.childPids()
  expect(left).toHaveLength(2)
  expect(left).toContain(web)
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s stops everything', async (signal) => {
  launcher = new RunningLauncher('n1', 'n2', 'web')
  await launcher.says('RUNNING')
  const children = launcher.childPids()
  expect(children).toHaveLength(3)
  const before = Date.now()
  launcher.process.kill(signal)
  launcher.process.kill(signal) // npm passes on what the terminal has sent already
  expect(await launcher.exitCode()).toBe(0)
  expect(launcher.output).toContain('STOPPED')
  expect(Date.now() - before).toBeLessThan(patienceMs)
  expect(children.filter(isRunning)).toEqual([])
})

test('a child that does not listen is killed within the 5 s', async () => {
  launcher = new RunningLauncher('n1=stubborn', 'web')
  await launcher.says('RUNNING')
  const children = launcher.childPids()
  const before = Date.now()
  launcher.process.kill('SIGTERM')
  expect(await launcher.exitCode()).toBe(0)
  expect(Date.now() - before).toBeLessThan(patienceMs)
  expect(children.filter(isRunning)).toEqual([])
})

test('a paused child is stopped as well', async () => {
  launcher = new RunningLauncher('n1', 'web')
  await launcher.says('RUNNING')
  const children = launcher.childPids()
  process.kill(children[0] as number, 'SIGSTOP')
  launcher.process.kill('SIGTERM')
  expect(await launcher.exitCode()).toBe(0)
  expect(children.filter(isRunning)).toEqual([])
})

test('children end when the launcher is killed the hard way', async () => {
  launcher = new RunningLauncher('n1', 'n2', 'web')
  await launcher.says('RUNNING')
  const children = launcher.childPids()
  launcher.process.kill('SIGKILL')
  await launcher.exitCode()
  await until(() => children.filter(isRunning).length === 0)
})

test('a child that can not start is left out where the others can do without it', async () => {
  launcher = new RunningLauncher('n1=broken', 'n2', 'web')
  await launcher.says('n1 did not start in 3 attempts and is left out')
  await launcher.says('RUNNING')
  expect(launcher.output).toContain('the disk says no')
  launcher.process.kill('SIGTERM')
  expect(await launcher.exitCode()).toBe(0)
})

test('without a child that is needed everything is stopped, with exit code 1', async () => {
  launcher = new RunningLauncher('n1', 'web=broken')
  expect(await launcher.exitCode()).toBe(1)
  expect(launcher.output).toContain('Quorail can not run without web')
  expect(launcher.output).not.toContain('RUNNING')
})

class RunningLauncher {
  readonly process: ChildProcess
  output = ''
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'quorail-launcher-'))
  readonly #exited: Promise<number | null>

  constructor(...children: string[]) {
    this.process = spawn(
      process.execPath,
      ['tools/start/fixtures/launcher.ts', this.#folder, ...children],
      { cwd: repositoryFolder, stdio: ['ignore', 'pipe', 'pipe'] },
    )
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.on('data', (chunk) => {
        this.output += chunk
      })
    this.#exited = new Promise((resolve) => this.process.once('close', (code) => resolve(code)))
  }

  async says(text: string): Promise<void> {
    await until(() => this.output.includes(text)).catch(() => {
      throw new Error(`The launcher did not say "${text}" but:\n${this.output}`)
    })
  }

  exitCode(): Promise<number | null> {
    return this.#exited
  }

  childPids(): readonly number[] {
    return childrenOf(this.process.pid as number)
  }

  cleanUp(): void {
    if (this.process.exitCode === null) this.process.kill('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 20 })
  }
}

/** In the order they were started. Linux, like the product's own launcher test. */
function childrenOf(pid: number): readonly number[] {
  const list = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return list === '' ? [] : list.split(' ').map(Number)
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 60_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('It did not happen within a minute.')
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}
