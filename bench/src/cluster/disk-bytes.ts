import { readFileSync, statSync } from 'node:fs'

/** Of /sys/dev/block: always that, whatever the disk's own sectors are. */
const sectorBytes = 512

/**
 * What the disk of a folder has been told to write so far, by its own counter (/sys/dev/block, like /proc/diskstats). That
 * is after the file system has put writes together, and with its journal: /proc/PID/io counts a write of a few bytes into
 * reserved space as the whole piece of memory that it is in, up to 1 MiB. Whatever else the machine writes there is in it,
 * too. Undefined where the folder is on no disk (tmpfs, or a file system over several).
 */
export function diskBytesWritten(folder: string): number | undefined {
  const { major, minor } = deviceOf(folder)
  try {
    const fields = readFileSync(`/sys/dev/block/${major}:${minor}/stat`, 'utf8').trim().split(/\s+/)
    const sectors = Number(fields[6])
    return Number.isFinite(sectors) ? sectors * sectorBytes : undefined
  } catch {
    return undefined
  }
}

/** As Linux packs both into one number. */
function deviceOf(folder: string): { readonly major: bigint; readonly minor: bigint } {
  const { dev } = statSync(folder, { bigint: true })
  return {
    major: ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn),
    minor: (dev & 0xffn) | ((dev >> 12n) & ~0xffn & 0xffffffffn),
  }
}
