import {
  decodeRecordHeader,
  type PlacementChecksum,
  payloadIsIntact,
  RECORD_HEADER_BYTES,
  type RecordHeader,
} from './record.ts'
import { SEGMENT_HEADER_BYTES } from './segment-header.ts'
import { repeat } from './steps.ts'
import type { WindowReader } from './window-reader.ts'

/** The last good record seen so far; the next one must follow it. */
export interface ChainPosition {
  sequence: number
  chain: number
}

export interface Damage {
  readonly offset: number
  readonly reason: string
}

/** A whole, intact record. `bytes` is header and payload, valid during the call only. */
export type OnRecord = (
  header: RecordHeader,
  bytes: Uint8Array,
  offset: number,
) => string | undefined

/**
 * Reads the records of one segment in order, as long as each is intact and follows the one before.
 * Ends with where the good part ends, and what is wrong behind it, if anything is there.
 */
export function scanSegment(
  reader: WindowReader,
  placement: PlacementChecksum,
  position: ChainPosition,
  onRecord: OnRecord,
  done: (error: Error | undefined, end: number, damage: Damage | undefined) => void,
): void {
  let offset = SEGMENT_HEADER_BYTES
  repeat((next) => {
    if (offset === reader.sizeBytes) return done(undefined, offset, undefined)
    const damaged = (reason: string): void => done(undefined, offset, { offset, reason })
    reader.read(offset, RECORD_HEADER_BYTES, (error, start) => {
      if (error !== undefined) return done(error, offset, undefined)
      const header = decodeRecordHeader(start, placement, offset)
      if (typeof header === 'string') return damaged(header)
      const broken = breakInChain(header, position)
      if (broken !== undefined) return damaged(broken)
      const length = RECORD_HEADER_BYTES + header.payloadBytes
      reader.read(offset, length, (payloadError, bytes) => {
        if (payloadError !== undefined) return done(payloadError, offset, undefined)
        if (bytes.length < length) return damaged('a record is incomplete')
        if (!payloadIsIntact(bytes, header)) return damaged('the checksum of a record is wrong')
        const problem = onRecord(header, bytes, offset)
        if (problem !== undefined) return damaged(problem)
        position.sequence = header.sequence
        position.chain = header.chain
        offset += length
        next()
      })
    })
  })
}

function breakInChain(header: RecordHeader, before: ChainPosition): string | undefined {
  if (header.sequence !== before.sequence + 1) {
    return `record ${header.sequence} follows record ${before.sequence}`
  }
  if (header.previousChain !== before.chain) return 'a record does not continue the chain before it'
  return undefined
}

const SEARCH_BYTES = 256 * 1024

/**
 * Looks for a valid record header anywhere behind `offset`. There is one: a record was written
 * after the damaged one, so the damaged one had been confirmed, and the damage is no torn write.
 */
export function findLaterRecord(
  reader: WindowReader,
  placement: PlacementChecksum,
  offset: number,
  done: (error: Error | undefined, found: number | undefined) => void,
): void {
  let at = offset + 1
  repeat((next) => {
    reader.read(at, SEARCH_BYTES + RECORD_HEADER_BYTES, (error, bytes) => {
      if (error !== undefined) return done(error, undefined)
      for (let i = 0; i + RECORD_HEADER_BYTES <= bytes.length; i++) {
        if (bytes[i] !== 0x51 || bytes[i + 1] !== 0x52) continue
        const header = bytes.subarray(i, i + RECORD_HEADER_BYTES)
        if (typeof decodeRecordHeader(header, placement, at + i) !== 'string') {
          return done(undefined, at + i)
        }
      }
      at += SEARCH_BYTES
      if (at < reader.sizeBytes) next()
      else done(undefined, undefined)
    })
  })
}

/** Whether nothing but zeros is behind `offset`: space kept ready for what was to come. */
export function isZeroFrom(
  reader: WindowReader,
  offset: number,
  done: (error: Error | undefined, isZero: boolean) => void,
): void {
  let at = offset
  repeat((next) => {
    reader.read(at, SEARCH_BYTES, (error, bytes) => {
      if (error !== undefined) return done(error, false)
      if (!bytes.every((byte) => byte === 0)) return done(undefined, false)
      at += SEARCH_BYTES
      if (at < reader.sizeBytes) next()
      else done(undefined, true)
    })
  })
}
