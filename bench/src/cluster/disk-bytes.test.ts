import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { diskBytesWritten } from './disk-bytes.ts'

test('a megabyte that was synced is on the disk of its folder, by the disk’s own counter', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'quorail-disk-bytes-'))
  const before = diskBytesWritten(folder)
  const file = openSync(path.join(folder, 'file'), 'w')
  writeSync(file, Buffer.alloc(1 << 20, 'x'))
  fsyncSync(file)
  closeSync(file)
  const after = diskBytesWritten(folder)
  rmSync(folder, { recursive: true })
  // Where temporary files are in memory, or on several disks, nothing is counted.
  if (before !== undefined) expect((after ?? 0) - before).toBeGreaterThanOrEqual(1 << 20)
  else expect(after).toBeUndefined()
})

test('what is in memory is on no disk', () => {
  expect(diskBytesWritten('/proc')).toBeUndefined()
})
