/** Power cuts of one log under load, as many as wanted: a process of its own for each life. */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Random } from '../random.ts'
import { requireRealDisk } from '../real-disk.ts'
import { buildShim } from './build-shim.ts'
import { cutPower } from './power-cut.ts'

export interface StorageCuts {
  readonly cuts: number
  /** Writes that had been acknowledged and were not there after a cut. */
  readonly lost: number
  readonly acknowledged: number
  readonly bytesDropped: number
  readonly filesTorn: number
  /** What ended a life before it was killed. */
  readonly failures: readonly string[]
}

/** Then a new one is begun: each life reads all of it. */
const livesOfOneLog = 25

const worker = new URL('storage-worker.ts', import.meta.url).pathname

/** `lies`: syncs do nothing, and everything is lost: the control. */
export async function cutStorage(count: number, seed: number, lies = false): Promise<StorageCuts> {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-storage-'))
  requireRealDisk(folder)
  const random = new Random(seed, 'storage')
  const log = path.join(folder, 'log')
  const journal = path.join(folder, 'journal')
  mkdirSync(log)
  const environment = {
    ...process.env,
    LD_PRELOAD: buildShim(folder),
    QUORAIL_POWER_FOLDER: log,
    QUORAIL_POWER_JOURNAL: journal,
    QUORAIL_POWER_LIE: path.join(folder, 'lie'),
    NODE_COMPILE_CACHE: path.join(folder, 'compiled'),
    UV_USE_IO_URING: '0',
  }
  const sum = { lost: 0, acknowledged: 0, bytesDropped: 0, filesTorn: 0 }
  const failures: string[] = []
  let certain = 0
  try {
    for (let nth = 1; nth <= count; nth++) {
      if (nth % livesOfOneLog === 0) {
        rmSync(log, { recursive: true })
        mkdirSync(log)
        certain = 0
      }
      if (lies && nth === 2) writeFileSync(environment.QUORAIL_POWER_LIE, '')
      const life = await live(log, environment, random.between(1, 60))
      if (life.failure !== '') failures.push(life.failure)
      if (life.has !== undefined && life.has < certain) sum.lost += certain - life.has
      sum.acknowledged += Math.max(0, life.done - (life.has ?? 0))
      certain = Math.max(life.done, life.has ?? 0)
      const report = cutPower(log, journal, random, lies)
      sum.bytesDropped += report.bytesDropped
      sum.filesTorn += report.filesTorn
      if (failures.length > 0) break
    }
    return { cuts: count, ...sum, failures }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Life {
  readonly has: number | undefined
  readonly done: number
  readonly failure: string
}

/** Until so many writes are acknowledged, and then a kill at whatever it is doing. */
function live(log: string, environment: NodeJS.ProcessEnv, writes: number): Promise<Life> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [worker, log], { env: environment })
    let said = ''
    let problem = ''
    child.stdout.on('data', (bytes) => {
      said += bytes
      if (said.split('\n').length > writes + 1) child.kill('SIGKILL')
    })
    child.stderr.on('data', (bytes) => {
      problem += bytes
    })
    child.once('close', (_code, signal) => {
      const whole = said.slice(0, said.lastIndexOf('\n') + 1)
      const last = (word: string): number[] =>
        [...whole.matchAll(new RegExp(`^${word} (\\d+)$`, 'gm'))].map(([, number]) =>
          Number(number),
        )
      const failure = signal === 'SIGKILL' ? '' : problem || 'it ended by itself'
      resolve({ has: last('has')[0], done: Math.max(0, ...last('done')), failure })
    })
  })
}
