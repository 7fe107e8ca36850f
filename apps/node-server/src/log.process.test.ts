import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const log = fileURLToPath(new URL('./log.ts', import.meta.url))

/** More than a pipe takes, then the last words, then the end. */
const scriptOf = (lines: number, end: string) => `
  const { openLog } = await import(${JSON.stringify(log)})
  const { logger, flush, drained } = openLog({ id: 'n1', file: process.env.LOG_FILE, level: 'info' })
  for (let at = 0; at < ${lines}; at += 1) logger.info({ at }, 'x'.repeat(100))
  await new Promise((resolve) => setTimeout(resolve, 200))
  logger.info('stopped')
  ${end}
  process.exit(0)
`

function start(script: string, logFile?: string) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...(logFile !== undefined && { LOG_FILE: logFile }) },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

const messagesOf = (text: string) =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => {
      const { at, msg } = JSON.parse(line) as { readonly at?: number; readonly msg: string }
      return at ?? msg
    })

test.each([['flush()'], ['await drained()']])(
  'a process whose log nobody reads ends all the same: %s',
  async (end) => {
    const child = start(scriptOf(4_000, end))
    // Open, and not read: the pipe is full and stays so.
    child.stderr.pause()
    const code = await new Promise((resolve) => child.once('exit', resolve))
    expect(code).toBe(0)
  },
)

async function read(child: ReturnType<typeof start>): Promise<string> {
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await new Promise((resolve) => child.once('close', resolve))
  return said
}

test('one that must not go on has its last words', async () => {
  // Of what was being written in that moment the end may be missing: it can not wait for it.
  expect(await read(start(scriptOf(4_000, 'flush()')))).toMatch(/"stopped"\}\n$/)
  expect(messagesOf(await read(start(scriptOf(0, 'flush()'))))).toEqual(['stopped'])
})

test('one that ends in good order has said everything, in its order', async () => {
  const all = [...Array.from({ length: 4_000 }, (_, at) => at), 'stopped']
  expect(messagesOf(await read(start(scriptOf(4_000, 'await drained()'))))).toEqual(all)
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'node.log')
  await read(start(scriptOf(4_000, 'await drained()'), file))
  expect(messagesOf(readFileSync(file, 'utf8'))).toEqual(all)
})
