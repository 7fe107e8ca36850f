/** Where figures come from: without it they mean nothing. */
import { spawnSync } from 'node:child_process'
import os from 'node:os'

export interface Machine {
  readonly cores: number
  readonly processor: string
  readonly memoryBytes: number
  readonly system: string
  readonly node: string
  /** Of the last minute, before the bench did anything. */
  readonly loadAtStart: number
  /** More than a quarter of a core was at work already. */
  readonly busy: boolean
}

export interface Commit {
  /** Undefined: this is no checkout, or there is no git. */
  readonly hash: string | undefined
  /** Anything but pages and pictures, on which no figure depends. */
  readonly modified: boolean
}

export function describeMachine(): Machine {
  const [load = 0] = os.loadavg()
  return {
    cores: os.availableParallelism(),
    processor: os.cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: os.totalmem(),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    loadAtStart: load,
    busy: isBusy(load),
  }
}

export const isBusy = (load: number): boolean => load > 0.25

export function describeCommit(folder: string): Commit {
  const git = (...words: string[]) => {
    const { status, stdout } = spawnSync('git', words, { cwd: folder, encoding: 'utf8' })
    return status === 0 ? stdout.trim() : undefined
  }
  const hash = git('rev-parse', 'HEAD')
  return {
    hash,
    modified: hash !== undefined && git('status', '--porcelain', '--', ':/', ':/!docs') !== '',
  }
}
