/** What a snapshot store refuses, and what it does with sizes and headers that are out of the ordinary. */
import { expect, it } from 'vitest'
import { MemoryDisk } from '../testing/memory-disk.ts'
import {
  aborted,
  closed,
  finished,
  SnapshotSession,
  type TestSnapshot,
  testSnapshot,
  writeFrom,
  written,
} from '../testing/snapshot-store-session.ts'
import { putU32 } from './bytes.ts'
import { crc32c } from './crc32c.ts'
import { SnapshotDamagedError } from './snapshot-errors.ts'
import { decodeSnapshotHeader, encodeSnapshotHeader } from './snapshot-header.ts'
import { openSnapshotStore } from './snapshot-store.ts'

const A = testSnapshot(1, 10, 2500)
const B = testSnapshot(2, 10, 30)
const openOn = (disk: MemoryDisk): Promise<SnapshotSession> =>
  SnapshotSession.open(openSnapshotStore({ disk: disk.mount() }))

it('a store that is not open does nothing, and closing it twice is no mistake', async () => {
  const store = openSnapshotStore({ disk: new MemoryDisk().mount() })
  const session = new SnapshotSession(store, [])
  await expect(session.create(A)).rejects.toThrow(/not open/)
  await expect(session.resume(A)).rejects.toThrow(/not open/)
  await expect(session.remove(A)).rejects.toThrow(/not open/)
  await expect(session.read(A)).rejects.toThrow(/no complete snapshot/)
  await session.close()
  const opened = await SnapshotSession.open(store)
  await opened.capture(A)
  await opened.close()
  await opened.close()
  await expect(session.read(A)).rejects.toThrow(/no complete snapshot/)
})

it('what is being written, or waits to be removed, is not touched by anybody else', async () => {
  const session = await openOn(new MemoryDisk())
  const writer = await session.create(A)
  for (const refused of [session.create(A), session.resume(A), session.remove(A)]) {
    await expect(refused).rejects.toThrow(/is being written/)
  }
  await writeFrom(writer, A.bytes)
  await finished(writer)
  await expect(finished(writer)).rejects.toThrow(/nothing can be written/)
  await expect(written(writer, A.bytes)).rejects.toThrow(/nothing can be written/)
  const reading = await session.read(A)
  const removal = session.remove(A)
  for (const refused of [session.create(A), session.resume(A), session.remove(A)]) {
    await expect(refused).rejects.toThrow(/is being removed/)
  }
  await expect(session.read(A)).rejects.toThrow(/no complete snapshot/)
  await closed(reading)
  await removal
})

it('a reader that was closed reads nothing more, and may be closed again', async () => {
  const session = await openOn(new MemoryDisk())
  await session.capture(A)
  const reading = await session.read(A)
  const piece = (): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      reading.read(0, 10, (error, bytes) => (error === undefined ? resolve(bytes) : reject(error)))
    })
  expect(await piece()).toEqual(A.bytes.subarray(0, 10))
  await closed(reading)
  await closed(reading)
  await expect(piece()).rejects.toThrow(/the snapshot is closed/)
})

it('of two with the same mark the smaller id is listed first', async () => {
  for (const order of [
    [A, B],
    [B, A],
  ]) {
    const disk = new MemoryDisk()
    const session = await openOn(disk)
    for (const snapshot of order) await session.capture(snapshot)
    expect((await openOn(disk)).listed.map(({ id }) => id)).toEqual([A.info.id, B.info.id].sort())
  }
})

it('an id or a mark that could not be read again is refused, and leaves nothing', async () => {
  const disk = new MemoryDisk()
  const session = await openOn(disk)
  const nameless: TestSnapshot = { ...A, info: { ...A.info, id: 'no id' } }
  await expect(session.create(nameless)).rejects.toThrow(/hexadecimal/)
  await expect(session.resume(nameless)).rejects.toThrow(/hexadecimal/)
  expect(disk.names()).toEqual([])
  await session.fetch(A)
})

it('a large one is synced while it is written, not only at the end', async () => {
  const disk = new MemoryDisk()
  const bytes = new Uint8Array(5 * 1024 * 1024).fill(7)
  const { mark } = testSnapshot(3, 30, 0).info
  const info = { id: 'c'.repeat(32), mark, sizeBytes: bytes.length, checksum: crc32c(bytes) }
  const large: TestSnapshot = { info, bytes }
  const session = await openOn(disk)
  const writer = await session.create(large)
  let syncs = 0
  disk.setFaults((operation) => {
    if (operation.type === 'sync') syncs++
    return undefined
  })
  for (let at = 0; at < large.bytes.length; at += 1 << 20) {
    await written(writer, large.bytes.subarray(at, at + (1 << 20)))
  }
  expect(syncs).toBe(1)
  await finished(writer)
  expect((await openOn(disk)).listed).toEqual([large.info])
})

it('a header of blocks without bytes, or cut off, is damage', async () => {
  const whole = encodeSnapshotHeader({ info: A.info, blockBytes: 500 })
  expect(decodeSnapshotHeader(whole.subarray(0, 7))).toBe('the header is incomplete')
  expect(decodeSnapshotHeader(whole.subarray(0, 40))).toBe('the header is incomplete')
  const bytes = whole.slice()
  putU32(bytes, 16, 0)
  putU32(bytes, bytes.length - 4, crc32c(bytes, 0, 0, bytes.length - 4))
  const disk = new MemoryDisk()
  disk.put(`${'10'.padStart(16, '0')}-${A.info.id}.snapshot`, bytes)
  const session = await openOn(disk)
  expect(session.listed).toEqual([])
  await expect(session.read(A)).rejects.toThrow(/a block has no bytes/)
  await expect(session.read(A)).rejects.toThrow(SnapshotDamagedError)
  const writer = await session.resume(A)
  await aborted(writer)
})
