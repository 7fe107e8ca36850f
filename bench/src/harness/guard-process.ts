/** Waits until the benchmark is gone, and then ends and removes what it has left: nothing, when it ended by itself. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'

const [, , mark = ''] = process.argv
const folders = new Set<string>()
const graceMs = 5_000

process.on('message', (folder: string) => folders.add(folder))
process.on('disconnect', () => void clean().then(() => process.exit(0)))

async function clean(): Promise<void> {
  const until = performance.now() + graceMs
  for (let left = marked(); left.length > 0; left = marked()) {
    for (const pid of left) end(pid, performance.now() > until)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  for (const folder of folders) await remove(folder)
}

/** A process that ends may still be writing, e.g. those of PostgreSQL, which end a moment after their first one. */
async function remove(folder: string): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    try {
      rmSync(folder, { recursive: true, force: true })
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

function end(pid: number, atOnce: boolean): void {
  try {
    // PostgreSQL's own way to stop at once: nothing of it stays in shared memory.
    const isPostgres = /\/postgres\0/.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1'))
    process.kill(pid, isPostgres && !atOnce ? 'SIGQUIT' : 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

/** Everything that has inherited the benchmark's mark and runs, paused or not. */
function marked(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map(Number)
    .filter((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0')
        return mark !== '' && environment.includes(mark)
      } catch {
        return false
      }
    })
}
