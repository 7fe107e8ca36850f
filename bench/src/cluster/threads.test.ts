import { spawn } from 'node:child_process'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { microsOfStat, threadMicrosOf } from './threads.ts'

test('the names of threads may have spaces and brackets', () => {
  const stat = `12 (a) b) S ${Array.from({ length: 40 }, (_, i) => i).join(' ')}`
  // Fields 14 and 15, in ticks of 10 ms; 16 and 17 are of children.
  expect(microsOfStat(stat)).toBe((10 + 11) * 10_000)
  expect(microsOfStat(stat, true)).toBe((10 + 11 + 12 + 13) * 10_000)
})

test('the work of a worker named sqlite is its own, and not that of the first thread', async () => {
  const before = threadMicrosOf(process.pid)
  // Busy until it has used processor time, however busy the machine is.
  const busy = `while (process.threadCpuUsage().user < 200_000);
    require('node:worker_threads').parentPort.postMessage('done')
    setInterval(() => {}, 1000)`
  const worker = new Worker(busy, { eval: true, name: 'sqlite' })
  await new Promise((resolve) => worker.once('message', resolve))
  const after = threadMicrosOf(process.pid)
  await worker.terminate()
  const spent = (after?.SQLite ?? 0) - (before?.SQLite ?? 0)
  expect(spent).toBeGreaterThanOrEqual(150_000)
  expect((after?.['first thread'] ?? 0) - (before?.['first thread'] ?? 0)).toBeLessThan(spent)
})

test('a program that is not Node has no kinds of threads', async () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  await new Promise((resolve) => child.once('spawn', resolve))
  // Before it is `sleep`, the process is a copy of this one.
  await expect.poll(() => threadMicrosOf(child.pid ?? 0)).toBeUndefined()
  child.kill()
  expect(threadMicrosOf(2 ** 30)).toBeUndefined()
})
