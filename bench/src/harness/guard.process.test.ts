import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'

/** Starts two processes that no signal but SIGKILL ends, one of them paused, and says their pids. */
const script = `
  import { spawn } from 'node:child_process'
  import { guardFolder } from '${path.join(import.meta.dirname, 'guard.ts')}'
  guardFolder(process.argv[1])
  const deaf = 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1e6)'
  const children = [1, 2].map(() => spawn(process.execPath, ['-e', deaf], { detached: true }))
  await Promise.all(children.map((child) => new Promise((up) => child.stdout.once('data', up))))
  children[1].kill('SIGSTOP')
  console.log(JSON.stringify(children.map(({ pid }) => pid)))
  if (process.argv[2] === 'ends') {
    for (const child of children) child.kill('SIGKILL')
    process.exit(0)
  }
  setInterval(() => {}, 1e6)
`

async function start(...words: string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-guard-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script, folder, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => {
    parent.kill('SIGKILL')
  })
  const line = await new Promise<string>((resolve) => parent.stdout.once('data', resolve))
  return { folder, parent, pids: JSON.parse(String(line)) as number[] }
}

/** A zombie whose new parent has not looked at it yet runs no more. */
function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

test('who is killed leaves no process behind, deaf or paused, and no folder', async () => {
  const { folder, parent, pids } = await start()
  expect(pids.map(isRunning)).toEqual([true, true])
  parent.kill('SIGKILL')
  await expect.poll(() => pids.map(isRunning)).toEqual([false, false])
  await expect.poll(() => existsSync(folder)).toBe(false)
})

test('whoever ends by itself has its folders removed at the latest then', async () => {
  const { folder } = await start('ends')
  await expect.poll(() => existsSync(folder)).toBe(false)
})
