/** The real file system, real processes, kill -9. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { appendOf, writerEntry } from '../../test/logs.ts'
import type { DiskFile, Done } from '../ports.ts'
import { HISTORIES, LogSession, picturesOf } from '../testing/log-history.ts'
import { FOUNDING } from '../testing/log-store-suite.ts'
import type { LogWrite } from '../types.ts'
import { nodeDisk, openWriteAheadLog } from './index.ts'

let folder = ''

beforeEach(() => {
  folder = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'quorail-wal-')), 'not', 'yet', 'there')
})

afterEach(() => {
  fs.rmSync(path.resolve(folder, '../../..'), { recursive: true })
})

function open(segmentBytes = 600): Promise<LogSession> {
  const disk = nodeDisk(folder)
  return LogSession.open(openWriteAheadLog({ disk, founding: FOUNDING, segmentBytes }))
}

it.each(Object.entries(HISTORIES))('%s: reads back what was written', async (_name, history) => {
  const log = await open()
  await log.writeAll(history as readonly LogWrite[])
  const expected = picturesOf(history, FOUNDING.genesis).at(-1)
  expect(await log.picture()).toEqual(expected)
  await log.close()
  const again = await open()
  expect(await again.picture()).toEqual(expected)
  await again.close()
  expect(fs.readdirSync(folder).filter((name) => !name.endsWith('.wal'))).toEqual(['superblock'])
})

it('repairs a torn tail and refuses damage before it', async () => {
  const log = await open(1 << 20)
  await log.writeAll([appendOf(1, 1), appendOf(2, 2)])
  await log.close()
  const segment = path.join(folder, '0000000001.wal')
  fs.appendFileSync(segment, new Uint8Array(100))
  const again = await open(1 << 20)
  expect(again.restored.lastIndex).toBe(2)
  await again.close()
  const bytes = fs.readFileSync(segment)
  bytes.writeUInt8(bytes.readUInt8(150) ^ 1, 150)
  fs.writeFileSync(segment, bytes)
  await expect(open()).rejects.toThrow(/corrupt in 0000000001.wal at byte 80/)
  expect(fs.readFileSync(segment)).toEqual(bytes)
})

it('keeps a second log of this process out, and lets it in after closing', async () => {
  const log = await open()
  await expect(open()).rejects.toThrow(`in use by process ${process.pid}`)
  await log.close()
  await (await open()).close()
})

it('takes over the lock of a process that is gone, also where its number was given again', async () => {
  await (await open()).close()
  for (const stale of ['999999999 1 x\n', `${process.pid} 1 another-boot\n`, '', 'what?']) {
    fs.writeFileSync(path.join(folder, 'lock'), stale)
    await (await open()).close()
    expect(fs.existsSync(path.join(folder, 'lock'))).toBe(false)
  }
})

it('writes durably into the file that it has open, also where its name means another by now', async () => {
  fs.mkdirSync(folder, { recursive: true })
  const disk = nodeDisk(folder)
  const file = await new Promise<DiskFile>((resolve, reject) => {
    disk.open('one', 'create', (error, made) =>
      error === undefined ? resolve(made) : reject(error),
    )
  })
  const done = (run: (done: Done) => void): Promise<void> =>
    new Promise((resolve, reject) =>
      run((error) => (error === undefined ? resolve() : reject(error))),
    )
  fs.writeFileSync(path.join(folder, 'other'), 'other')
  fs.renameSync(path.join(folder, 'one'), path.join(folder, 'moved'))
  fs.renameSync(path.join(folder, 'other'), path.join(folder, 'one'))
  await done((next) => file.writeDurably?.(0, Buffer.from('first'), next))
  await done((next) => file.writeDurably?.(5, Buffer.from('second'), next))
  await done((next) => file.close(next))
  expect(fs.readFileSync(path.join(folder, 'moved'), 'utf8')).toBe('firstsecond')
  expect(fs.readFileSync(path.join(folder, 'one'), 'utf8')).toBe('other')

  const again = await new Promise<DiskFile>((resolve) => {
    disk.open('moved', 'existing', (_error, found) => resolve(found))
  })
  await done((next) => again.writeDurably?.(5, Buffer.from('SE'), next))
  await done((next) => again.close(next))
  expect(fs.readFileSync(path.join(folder, 'moved'), 'utf8')).toBe('firstSEcond')
})

interface Writer {
  readonly found: number
  /** Highest index acknowledged when it was killed. */
  kill(): Promise<number>
  readonly acknowledged: () => number
  readonly pid: number
}

async function startWriter(): Promise<Writer> {
  const script = path.join(import.meta.dirname, '../../test/wal-writer.ts')
  const child = spawn(process.execPath, [script, folder], { stdio: ['ignore', 'pipe', 'inherit'] })
  const closed = once(child, 'close')
  let acknowledged = 0
  const lines = createInterface({ input: child.stdout })
  const opened = new Promise<number>((resolve, reject) => {
    lines.on('line', (line) => {
      const [what, number] = line.split(' ')
      if (what === 'open') resolve(Number(number))
      else acknowledged = Math.max(acknowledged, Number(number))
    })
    lines.on('close', () => reject(new Error('the writer ended early')))
  })
  const found = await opened
  const kill = async (): Promise<number> => {
    child.kill('SIGKILL')
    await closed
    return acknowledged
  }
  return { found, kill, acknowledged: () => acknowledged, pid: child.pid as number }
}

it('kill -9 loses nothing that was acknowledged, again and again', async () => {
  const rounds = process.env.CI === undefined ? 3 : 10
  let certain = 0
  for (let round = 0; round < rounds; round++) {
    const writer = await startWriter()
    expect(writer.found).toBeGreaterThanOrEqual(certain)
    await expect(open()).rejects.toThrow(`in use by process ${writer.pid}`)
    await expect
      .poll(writer.acknowledged, { timeout: 60_000, interval: 5 })
      .toBeGreaterThan(writer.found)
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150))
    certain = await writer.kill()
    expect(certain).toBeGreaterThan(writer.found)
  }
  const log = await open()
  expect(log.restored.lastIndex).toBeGreaterThanOrEqual(certain)
  const entries = await log.read(1, certain, Number.MAX_SAFE_INTEGER)
  for (const entry of entries) expect(entry.data).toEqual(writerEntry(entry.index).data)
  await log.close()
})
