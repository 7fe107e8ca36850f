/**
 * A backup: eight letters, the stream of a database, and the SHA-256 of all that stands before it, so that
 * a file that was cut off or altered anywhere is not taken.
 */
import { createHash } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import path from 'node:path'
import type { SnapshotReader } from '@quorail/raft-core'
import { syncFolder } from '../storage/sync-folder.ts'
import { type DatabaseReading, readDatabase } from './read-database.ts'

const magic = Buffer.from('QRBACKUP')
const hashBytes = 32

export interface BackupMade {
  readonly appliedIndex: number
  /** Of the state at that index, as every node of the cluster has it there. */
  readonly stateHash: string
  readonly sizeBytes: number
  readonly sha256: string
}

export class BackupError extends Error {
  override readonly name = 'BackupError'
}

/** The database may be written to meanwhile: what is in the backup is one moment. Durable when it returns. */
export function writeBackup(databaseFile: string, file: string): BackupMade {
  const draft = `${file}.draft`
  const reading = readDatabase(databaseFile)
  try {
    const out = openSync(draft, 'wx', 0o600)
    try {
      const made = copy(reading, out)
      fsyncSync(out)
      renameSync(draft, file)
      syncFolder(path.dirname(path.resolve(file)))
      return made
    } catch (error) {
      rmSync(draft, { force: true })
      throw error
    } finally {
      closeSync(out)
    }
  } finally {
    reading.close()
  }
}

export interface OpenBackup extends SnapshotReader {
  readonly sha256: string
  close(): void
}

/** Reads all of it once, to be sure of it, before anything is made of it. Throws `BackupError`. */
export function openBackup(file: string): OpenBackup {
  const input = openSync(file, 'r')
  try {
    const end = fstatSync(input).size - hashBytes
    const first = readAt(input, 0, magic.length)
    if (end < magic.length || !first.equals(magic)) throw new BackupError(`${file} is no backup.`)
    const hash = createHash('sha256')
    for (let at = 0; at < end; at += pieceBytes)
      hash.update(readAt(input, at, Math.min(pieceBytes, end - at)))
    const sha256 = hash.digest('hex')
    if (readAt(input, end, hashBytes).toString('hex') !== sha256)
      throw new BackupError(
        `${file} is not what was written: its checksum does not fit. It was cut off or altered; take another backup.`,
      )
    return {
      sha256,
      sizeBytes: end - magic.length,
      read: (offset, length, done) => done(undefined, readAt(input, magic.length + offset, length)),
      close: () => closeSync(input),
    }
  } catch (error) {
    closeSync(input)
    throw error
  }
}

const pieceBytes = 1 << 20

function copy(reading: DatabaseReading, out: number): BackupMade {
  const hash = createHash('sha256')
  let sizeBytes = 0
  const write = (bytes: Uint8Array): void => {
    hash.update(bytes)
    writeAll(out, bytes)
    sizeBytes += bytes.length
  }
  write(magic)
  for (let piece = reading.next(); piece !== undefined; piece = reading.next()) write(piece)
  const digest = hash.digest()
  writeAll(out, digest)
  const { appliedIndex, stateHash } = reading
  const sha256 = digest.toString('hex')
  return { appliedIndex, stateHash, sizeBytes: sizeBytes + hashBytes, sha256 }
}

function writeAll(out: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(out, bytes, at)
}

function readAt(input: number, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  let read = 0
  while (read < length) {
    const more = readSync(input, bytes, read, length - read, offset + read)
    if (more === 0) break
    read += more
  }
  return bytes.subarray(0, read)
}
