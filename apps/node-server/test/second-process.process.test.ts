import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** A node alone, on ports that the system chooses. */
function serve(folder: string, logFile: string): ChildProcess {
  const cluster = 'n1=http://localhost:1,http://localhost:2'
  const options = ['--id', 'n1', '--data', folder, '--cluster', cluster, '--log-file', logFile]
  const ports = ['--client-port', '0', '--peer-port', '0']
  return spawn(process.execPath, [main, 'serve', ...options, ...ports], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

const ended = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))

test('a second process on one folder hears who has it, before it has read anything', async () => {
  const parent = mkdtempSync(path.join(tmpdir(), 'quorail-second-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  const folder = path.join(parent, 'n1')
  const first = serve(folder, path.join(parent, 'first.log'))
  const firstEnded = ended(first)
  onTestFinished(() => void first.kill('SIGKILL'))
  await new Promise<void>((resolve) => first.stdout?.once('data', () => resolve()))

  expect(await ended(serve(folder, path.join(parent, 'second.log')))).toBe(3)
  const said = readFileSync(path.join(parent, 'second.log'), 'utf8')
  expect(said).toContain(`is in use by process ${first.pid}; stop that process first`)
  expect(said).not.toContain('state loaded')

  first.kill('SIGTERM')
  expect(await firstEnded).toBe(0)
  const third = serve(folder, path.join(parent, 'third.log'))
  const thirdEnded = ended(third)
  onTestFinished(() => void third.kill('SIGKILL'))
  await new Promise<void>((resolve) => third.stdout?.once('data', () => resolve()))
  third.kill('SIGTERM')
  expect(await thirdEnded).toBe(0)
})
