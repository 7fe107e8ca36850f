import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))

/** A parent that starts a node with a channel to it, and says the node's pid when it is ready. */
const parentScript = `
  const [main, folder] = process.argv.slice(1)
  const node = require('node:child_process').spawn(process.execPath, [main, 'serve', '--id', 'n1',
    '--data', folder, '--client-port', '0', '--peer-port', '0', '--log-file', folder + '/node.log',
    '--cluster', 'n1=http://localhost:1,http://localhost:2'],
    { stdio: ['ignore', 'pipe', 'inherit', 'ipc'], detached: true })
  process.stdout.write(JSON.stringify({ pid: node.pid }) + '\\n')
  node.stdout.on('data', (line) => process.stdout.write(line))
`

test.each(['"pid"', '"ready":true'])(
  'a node whose parent is killed ends too (after %s)',
  async (sign) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'quorail-orphan-'))
    onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 20 }))
    const parent = spawn(process.execPath, ['-e', parentScript, main, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let said = ''
    await new Promise<void>((resolve) => {
      parent.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes(sign)) resolve()
      })
    })
    const pid = Number(/"pid":(\d+)/.exec(said)?.[1])
    expect(isRunning(pid)).toBe(true)
    parent.kill('SIGKILL')
    await expect.poll(() => isRunning(pid)).toBe(false)
  },
)

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
