import { statfsSync } from 'node:fs'
import { WorthlessRun } from './worthless-run.ts'

const inMemory = new Map([
  [0x01021994, 'tmpfs'],
  [0x858458f6, 'ramfs'],
])

/** In memory a sync means nothing, and neither would the run. */
export function requireRealDisk(folder: string, typeOf = fileSystemType): void {
  const name = inMemory.get(typeOf(folder))
  if (name === undefined) return
  throw new WorthlessRun(`${folder} is on ${name}; name a folder on a disk in TMPDIR.`)
}

const fileSystemType = (folder: string): number => statfsSync(folder).type
