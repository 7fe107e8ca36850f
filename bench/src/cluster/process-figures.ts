import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import {
  microsOfStat,
  readOrNothing as read,
  type ThreadMicros,
  threadMicrosOf,
} from './threads.ts'

/** What a process and all that it has started have used so far. */
export interface Usage {
  readonly cpuMicros: number
  /** Of its own threads by what they do, where that is known. */
  readonly threads: ThreadMicros | undefined
  readonly residentBytes: number
}

export function usageOf(pid: number): Usage {
  const all = [pid, ...descendants(pid)]
  const sum = (of: (pid: number) => number) => all.reduce((total, one) => total + of(one), 0)
  return {
    // With what its children that have ended have used.
    cpuMicros: sum((one) => microsOfStat(read(`/proc/${one}/stat`), true)),
    threads: threadMicrosOf(pid),
    residentBytes: sum(residentBytes),
  }
}

function residentBytes(pid: number): number {
  const [, kilobytes = 0] = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`)) ?? []
  return Number(kilobytes) * 1024
}

function descendants(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean)
  return children.map(Number).flatMap((child) => [child, ...descendants(child)])
}

/** What ext4 syncs, however it was asked for: by fsync, fdatasync, or a write to a file opened with O_DSYNC. */
const ofExt4 = 'ext4:ext4_sync_file_enter'

/**
 * Counts the syncs that processes ask for, by the kernel's own counters; undefined where perf may not. Writes with O_DSYNC are
 * seen on ext4 only: elsewhere the calls of fsync and fdatasync are all there is.
 */
export function countSyncs(pids: readonly number[]): { stop(): Promise<number | undefined> } {
  const all = pids.flatMap((pid) => [pid, ...descendants(pid)])
  const events = ['syscalls:sys_enter_fdatasync', 'syscalls:sys_enter_fsync']
  if (isCounted(ofExt4)) events.push(ofExt4)
  const child = spawn('perf', ['stat', '-x', ',', '-e', events.join(), '-p', all.join(',')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let text = ''
  child.stderr.on('data', (chunk) => {
    text += String(chunk)
  })
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('close', () => resolve())
  })
  return {
    async stop() {
      child.kill('SIGINT')
      await ended
      const counts = [...text.matchAll(/^(\d+),/gm)].map((match) => Number(match[1]))
      const [fdatasync, fsync = 0, ext4 = 0] = counts
      return fdatasync === undefined ? undefined : Math.max(fdatasync + fsync, ext4)
    },
  }
}

function isCounted(event: string): boolean {
  const file = event.replace(':', '/')
  return ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'].some((folder) =>
    existsSync(`${folder}/events/${file}`),
  )
}

/** Whether this machine has a program of that name. */
export function hasProgram(name: string): boolean {
  return (process.env.PATH ?? '').split(':').some((folder) => {
    try {
      return readdirSync(folder).includes(name)
    } catch {
      return false
    }
  })
}
