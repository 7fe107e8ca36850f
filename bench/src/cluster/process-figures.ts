import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** What a process and all that it has started have used so far. */
export interface Usage {
  readonly cpuMicros: number
  /** Of Node's first thread alone. */
  readonly firstThreadMicros: number
  readonly bytesWritten: number
  readonly residentBytes: number
}

/** Clock ticks of /proc are hundredths of a second on every Linux that we know. */
const microsPerTick = 10_000

export function usageOf(pid: number): Usage {
  const all = [pid, ...descendants(pid)]
  const usages = all.map(ownUsage)
  const sum = (of: (usage: Usage) => number) => usages.reduce((total, one) => total + of(one), 0)
  return {
    cpuMicros: sum(({ cpuMicros }) => cpuMicros),
    firstThreadMicros: threadMicros(`/proc/${pid}/task/${pid}/stat`, false),
    bytesWritten: sum(({ bytesWritten }) => bytesWritten),
    residentBytes: sum(({ residentBytes }) => residentBytes),
  }
}

function ownUsage(pid: number): Usage {
  const bytes = /^write_bytes: (\d+)$/m.exec(read(`/proc/${pid}/io`))?.[1] ?? 0
  const resident = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0
  return {
    // With what its children that have ended have used.
    cpuMicros: threadMicros(`/proc/${pid}/stat`, true),
    firstThreadMicros: 0,
    bytesWritten: Number(bytes),
    residentBytes: Number(resident) * 1024,
  }
}

function threadMicros(file: string, withChildren: boolean): number {
  // The name in brackets may have spaces.
  const fields = read(file).split(') ')[1]?.split(' ') ?? []
  const ticks = fields.slice(11, withChildren ? 15 : 13).map(Number)
  return ticks.reduce((sum, one) => sum + one, 0) * microsPerTick
}

function descendants(pid: number): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).trim().split(' ').filter(Boolean)
  return children.map(Number).flatMap((child) => [child, ...descendants(child)])
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
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
