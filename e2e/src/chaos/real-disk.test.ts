import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { requireRealDisk } from './real-disk.ts'
import { WorthlessRun } from './worthless-run.ts'

test.each([
  ['tmpfs', 0x01021994],
  ['ramfs', 0x858458f6],
])('a run on %s is refused, and told what to do', (name, type) => {
  const refused = () => requireRealDisk('/somewhere', () => type)
  expect(refused).toThrow(WorthlessRun)
  expect(refused).toThrow(`/somewhere is on ${name}; name a folder on a disk in TMPDIR.`)
})

test('ext4, btrfs and an overlay are on a disk', () => {
  for (const type of [0xef53, 0x9123683e, 0x794c7630])
    expect(() => requireRealDisk('/somewhere', () => type)).not.toThrow()
})

test('the file system is asked for what it is', () => {
  // Of systems that have it, always in memory.
  if (existsSync('/dev/shm')) expect(() => requireRealDisk('/dev/shm')).toThrow(WorthlessRun)
  expect(() => requireRealDisk(import.meta.dirname)).not.toThrow()
})
