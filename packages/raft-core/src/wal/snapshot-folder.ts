import type { Callback, Disk, DiskFile, Done, SnapshotInfo } from '../ports.ts'
import {
  decodeSnapshotHeader,
  SNAPSHOT_PREFIX_BYTES,
  type SnapshotHeader,
  snapshotHeaderBytes,
} from './snapshot-header.ts'
import { type NamedFile, snapshotFiles } from './snapshot-names.ts'
import { inOrder, repeat } from './steps.ts'

/** A snapshot's file, and its header or what is wrong with it. */
export interface FoundSnapshot extends NamedFile {
  readonly header: SnapshotHeader | string
}

/** Reads the headers of all snapshots in a folder. Changes nothing. */
export function findSnapshots(disk: Disk, done: Callback<readonly FoundSnapshot[]>): void {
  disk.list((error, names) => {
    if (error !== undefined) return done(error, [])
    const files = snapshotFiles(names)
    const found: FoundSnapshot[] = []
    repeat((next) => {
      const named = files[found.length]
      if (named === undefined) return done(undefined, found)
      disk.open(named.name, 'existing', (openError, file) => {
        if (openError !== undefined) return done(openError, [])
        readSnapshotHeader(file, (readError, header) => {
          file.close((closeError) => {
            const failed = readError ?? closeError
            if (failed !== undefined) return done(failed, [])
            found.push({ ...named, header: header })
            next()
          })
        })
      })
    })
  })
}

/** The header of a snapshot's file, or what is wrong with it. */
export function readSnapshotHeader(file: DiskFile, done: Callback<SnapshotHeader | string>): void {
  file.read(0, SNAPSHOT_PREFIX_BYTES, (error, prefix) => {
    if (error !== undefined) return done(error, '')
    const length = snapshotHeaderBytes(prefix)
    if (typeof length === 'string') return done(undefined, length)
    file.read(0, length, (readError, bytes) => {
      done(readError, readError === undefined ? decodeSnapshotHeader(bytes) : '')
    })
  })
}

/** Removes these files, durably. */
export function removeFiles(disk: Disk, names: readonly string[], done: Done): void {
  if (names.length === 0) {
    done(undefined)
    return
  }
  inOrder(
    [
      ...names.map((name) => (next: Done) => disk.remove(name, next)),
      (next) => disk.syncDirectory(next),
    ],
    done,
  )
}

/**
 * What a crash has left that is of no use: captures, whose state is gone, and fetches that were
 * overtaken. Of fetches the newest is kept, if there is nothing as new that is complete.
 */
export function uselessDrafts(found: readonly FoundSnapshot[]): readonly string[] {
  const indexOf = ({ header }: FoundSnapshot): number =>
    typeof header === 'string' ? -1 : header.info.mark.index
  const newest = Math.max(-1, ...found.filter(({ kind }) => kind === 'complete').map(indexOf))
  const fetched = found
    .filter((file) => file.kind === 'fetched' && indexOf(file) > newest)
    .sort((a, b) => indexOf(b) - indexOf(a))
  const kept = fetched[0]?.name
  return found
    .filter(({ kind, name }) => kind !== 'complete' && name !== kept)
    .map(({ name }) => name)
}

/** Newest mark first; of equal ones in the order of their ids. */
export function newestFirst(infos: readonly SnapshotInfo[]): readonly SnapshotInfo[] {
  return [...infos].sort((a, b) => b.mark.index - a.mark.index || (a.id < b.id ? -1 : 1))
}
