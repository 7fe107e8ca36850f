/** The shim on real files of a real process: what was synced stays, what was not may go. */
import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Random } from '../random.ts'
import { buildShim } from './build-shim.ts'
import { type CutReport, cutPower } from './power-cut.ts'

let folder: string
let library: string

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'quorail-shim-'))
  library = buildShim(folder)
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Runs these lines in a node behind the shim until they print `done`, and kills it. */
async function run(name: string, lines: string, lies = false): Promise<string> {
  const data = path.join(folder, name)
  mkdirSync(data)
  writeFileSync(path.join(data, 'old'), 'o'.repeat(1_000))
  const lie = path.join(folder, `${name}.lie`)
  if (lies) writeFileSync(lie, '')
  const head = `const fs = require('node:fs'); const at = (name) => ${JSON.stringify(`${data}/`)} + name;
    const sync = (name) => { const fd = fs.openSync(at(name), 'r'); fs.fsyncSync(fd); fs.closeSync(fd) };`
  const child = spawn(
    process.execPath,
    ['-e', `${head} ${lines}; console.log('done'); setInterval(() => {}, 1e6)`],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: {
        ...process.env,
        LD_PRELOAD: library,
        QUORAIL_POWER_FOLDER: data,
        QUORAIL_POWER_JOURNAL: `${data}.journal`,
        QUORAIL_POWER_LIE: lie,
      },
    },
  )
  const gone = new Promise((resolve) => child.once('close', resolve))
  await new Promise((resolve) => child.stdout.once('data', resolve))
  child.kill('SIGKILL')
  await gone
  return data
}

const cut = (data: string, seed = 1, everything = true): CutReport =>
  cutPower(data, `${data}.journal`, new Random(seed, 'cut'), everything)

const content = (data: string, name: string): string => readFileSync(path.join(data, name), 'utf8')

test('what was not synced is lost, what was synced stays', async () => {
  const data = await run(
    'plain',
    `const fd = fs.openSync(at('old'), 'r+');
     fs.writeSync(fd, 'SYNCED', 0); fs.fdatasyncSync(fd);
     fs.writeSync(fd, 'LOST', 100); fs.writeSync(fd, 'LONGER', 1000)`,
  )
  expect(content(data, 'old')).toHaveLength(1_006)
  const report = cut(data)
  expect(content(data, 'old')).toBe(`SYNCED${'o'.repeat(994)}`)
  expect(report).toMatchObject({ syncs: 1, lies: 0, bytesDropped: 10 })
})

test('a write to a file opened with O_DSYNC is a sync as well, of what was written before', async () => {
  const lines = `const { O_RDWR, O_DSYNC } = fs.constants; const plain = fs.openSync(at('old'), 'r+');
     fs.writeSync(plain, 'before', 50); const fd = fs.openSync(at('old'), O_RDWR | O_DSYNC);
     fs.writeSync(fd, 'SYNCED', 0); fs.writeSync(plain, 'LOST', 100)`
  const data = await run('durable-writes', lines)
  expect(cut(data)).toMatchObject({ syncs: 1, lies: 0, bytesDropped: 4 })
  expect(content(data, 'old')).toBe(`SYNCED${'o'.repeat(44)}before${'o'.repeat(944)}`)
  const control = await run('durable-lies', lines, true)
  expect(cut(control)).toMatchObject({ syncs: 0, lies: 1 })
  expect(content(control, 'old')).toBe('o'.repeat(1_000))
})

test('a new file needs its folder synced, a removed one comes back, a rename is taken back', async () => {
  const data = await run(
    'names',
    `fs.writeFileSync(at('kept'), 'kept'); const fd = fs.openSync(at('kept'), 'r+'); fs.fsyncSync(fd); sync('');
     const other = fs.openSync(at('gone'), 'w'); fs.writeSync(other, 'x'); fs.fsyncSync(other);
     fs.renameSync(at('kept'), at('renamed')); fs.unlinkSync(at('old'))`,
  )
  expect(cut(data).namesReverted).toBe(3)
  expect(content(data, 'kept')).toBe('kept')
  expect(content(data, 'old')).toBe('o'.repeat(1_000))
  for (const name of ['gone', 'renamed']) expect(existsSync(path.join(data, name))).toBe(false)
})

test('a rename over another file gives that one back', async () => {
  const data = await run(
    'over',
    `fs.writeFileSync(at('new'), 'new'); const fd = fs.openSync(at('new'), 'r+'); fs.fsyncSync(fd); sync('');
     fs.renameSync(at('new'), at('old'))`,
  )
  expect(content(data, 'old')).toBe('new')
  cut(data)
  expect(content(data, 'old')).toBe('o'.repeat(1_000))
  expect(content(data, 'new')).toBe('new')
})

test('whatever a disk draws, what was synced stays', async () => {
  let dropped = 0
  for (let seed = 1; seed <= 12; seed++) {
    const data = await run(
      `drawn-${seed}`,
      `const fd = fs.openSync(at('log'), 'w+'); sync('');
       for (let n = 0; n < 40; n++) fs.writeSync(fd, Buffer.alloc(700, 65 + n % 26), 0, 700, n * 700);
       fs.fdatasyncSync(fd);
       for (let n = 40; n < 60; n++) fs.writeSync(fd, Buffer.alloc(700, 65 + n % 26), 0, 700, n * 700)`,
    )
    dropped += cut(data, seed, false).bytesDropped
    const log = readFileSync(path.join(data, 'log'))
    for (let n = 0; n < 40; n++) {
      expect(log.subarray(n * 700, (n + 1) * 700).equals(Buffer.alloc(700, 65 + (n % 26)))).toBe(
        true,
      )
    }
  }
  expect(dropped).toBeGreaterThan(0)
})

test('a sync that lies makes nothing durable', async () => {
  const data = await run(
    'lies',
    `const fd = fs.openSync(at('old'), 'r+'); fs.writeSync(fd, 'LIES', 0); fs.fsyncSync(fd)`,
    true,
  )
  expect(cut(data)).toMatchObject({ syncs: 0, lies: 1, bytesDropped: 4 })
  expect(content(data, 'old')).toBe('o'.repeat(1_000))
})
