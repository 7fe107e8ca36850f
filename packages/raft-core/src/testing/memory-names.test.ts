/** The names of the simulated disk: what an operator takes away or puts there, with changes under way. */
import { expect, it } from 'vitest'
import type { Disk } from '../ports.ts'
import { MemoryDisk } from './memory-disk.ts'
import { NAME_LOSSES } from './memory-names.ts'

function made(disk: Disk, name: string): void {
  disk.open(name, 'create', (error) => expect(error).toBeUndefined())
}

/** Keeps every second change. */
function alternating() {
  let calls = 0
  return () => (calls++ % 2 === 0 ? 0.1 : 0.9)
}

const synced = (disk: Disk) => disk.syncDirectory((error) => expect(error).toBeUndefined())

it.each(NAME_LOSSES)('a file of a wiped folder is not back after the next sync (%s)', (names) => {
  const disk = new MemoryDisk()
  made(disk.mount(), 'former')
  // The operator clears the folder before the directory was ever synced; then a new life begins.
  disk.crashProcess()
  disk.delete('former')
  const next = disk.mount()
  made(next, 'new')
  synced(next)
  disk.losePower({ files: 'kept', names }, () => 0.1)
  expect(disk.names()).toEqual(['new'])
})

it.each(NAME_LOSSES)('nor after a power cut without a sync (%s)', (names) => {
  const disk = new MemoryDisk()
  made(disk.mount(), 'former')
  disk.delete('former')
  disk.losePower({ files: 'kept', names }, () => 0.1)
  expect(disk.names()).toEqual([])
})

it('a folder that is emptied stays empty, whatever was removed or renamed before and not synced', () => {
  const disk = new MemoryDisk()
  for (const name of ['removed', 'renamed', 'kept']) disk.put(name, Uint8Array.of(1))
  const process = disk.mount()
  process.remove('removed', () => undefined)
  process.rename('renamed', 'other', () => undefined)
  made(process, 'fresh')
  process.remove('fresh', () => undefined)
  disk.clear()
  disk.losePower({ files: 'kept', names: 'mixed' }, alternating())
  expect(disk.names()).toEqual([])
})

it('what was to go under a name does not take away what an operator put there', () => {
  const disk = new MemoryDisk()
  disk.put('kept', Uint8Array.of(1))
  const process = disk.mount()
  process.rename('kept', 'other', () => undefined)
  disk.put('kept', Uint8Array.of(2))
  disk.put('other', Uint8Array.of(3))
  synced(process)
  disk.losePower({ files: 'kept', names: 'reverted' }, () => 0.1)
  expect(disk.names()).toEqual(['kept', 'other'])
  expect(disk.content('kept')).toEqual(Uint8Array.of(2))
  expect(disk.content('other')).toEqual(Uint8Array.of(3))
})

it('a sync that is under way when a name is wiped still covers the changes that it was to cover', () => {
  let finish: () => void = () => undefined
  const disk = new MemoryDisk(({ type }, run) => {
    if (type === 'syncDirectory') finish = run
    else run()
  })
  const process = disk.mount()
  made(process, 'first')
  made(process, 'second')
  synced(process)
  disk.delete('first')
  made(process, 'third')
  finish()
  disk.losePower({ files: 'kept', names: 'reverted' }, () => 0.1)
  expect(disk.names()).toEqual(['second'])
})
