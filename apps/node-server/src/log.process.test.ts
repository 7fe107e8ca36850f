import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'

const log = fileURLToPath(new URL('./log.ts', import.meta.url))

/** More than a pipe takes, then the last words, then the end. */
const script = `
  const { openLog } = await import(${JSON.stringify(log)})
  const { logger, flush } = openLog({ id: 'n1', file: undefined, level: 'info' })
  for (let at = 0; at < 4_000; at += 1) logger.info({ at }, 'x'.repeat(100))
  await new Promise((resolve) => setTimeout(resolve, 200))
  logger.info('stopped')
  flush()
  process.exit(0)
`

test('a process whose log nobody reads ends all the same', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  // Open, and not read: the pipe is full and stays so.
  child.stderr.pause()
  const code = await new Promise((resolve) => child.once('exit', resolve))
  expect(code).toBe(0)
})

test('and one whose log is read has its last words', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  await new Promise((resolve) => child.once('close', resolve))
  // Of what was being written in that moment the end may be missing: pino does not wait for it.
  expect(said).toMatch(/"stopped"\}\n$/)
})
