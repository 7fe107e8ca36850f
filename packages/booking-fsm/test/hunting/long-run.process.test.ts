import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect, it } from 'vitest'
import { type LongRun, runLong } from './long-run.ts'
import type { Report } from './report.ts'

it('a long run can be stopped and continued, and its counts are the sum', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'quorail-hunt-'))
  try {
    const file = path.join(folder, 'report.json')
    const read = async () => JSON.parse(await readFile(file, 'utf8')) as Report
    const options: LongRun = { seed: 5, workers: 2, commands: 100, file, isContinued: false }
    expect(await runLong(options)).toBe(true)
    const first = await read()
    await expect(runLong(options)).rejects.toThrow('--resume goes on with it')
    const more = { ...options, commands: first.commands + 1, isContinued: true }
    expect(await runLong(more)).toBe(true)
    const second = await read()
    expect(second.commands).toBeGreaterThan(first.commands)
    expect(second).toMatchObject({ seed: 5, next: second.histories, open: [], differences: [] })
    expect(second.runs.map(({ commands }) => commands)).toEqual([
      first.commands,
      second.commands - first.commands,
    ])
    const sent = Object.values(second.kinds).reduce((sum, of) => sum + of.sent, 0)
    expect(sent).toBe(second.commands)
  } finally {
    await rm(folder, { recursive: true })
  }
}, 300_000)
