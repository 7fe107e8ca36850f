import { decodeEntry } from '../codec.ts'
import type { Callback } from '../ports.ts'
import type { Entry, LogIndex } from '../types.ts'
import { getU32, getU64 } from './bytes.ts'
import { crc32c } from './crc32c.ts'

import type { EntryIndex, EntryPlace } from './entry-index.ts'
import { CorruptLogError } from './errors.ts'
import type { OpenFiles } from './files.ts'
import { ENTRY_HEADER_BYTES } from './operations.ts'
import { segmentName } from './segment-header.ts'
import { repeat } from './steps.ts'

/** Entries that lie closer together than this are read in one go. */
const MAX_GAP_BYTES = 64 * 1024
const MAX_SPAN_BYTES = 4 * 1024 * 1024

/** Reads entries from disk, at least one, then as many as fit in `maxBytes` of entry bytes. */
export function readRange(
  files: OpenFiles,
  index: EntryIndex,
  from: LogIndex,
  to: LogIndex,
  maxBytes: number,
  done: Callback<readonly Entry[]>,
): void {
  const places = placesWithin(index, from, to, maxBytes)
  const entries: Entry[] = []
  repeat((next) => {
    const first = places[entries.length]
    if (first === undefined) return done(undefined, entries)
    const span = spanFrom(places, entries.length)
    const name = segmentName(first.segment)
    files.get(name, (openError, file) => {
      if (openError !== undefined) return done(openError, [])
      file.read(first.offset, span.end - first.offset, (readError, bytes) => {
        if (readError !== undefined) return done(readError, [])
        for (const place of places.slice(entries.length, entries.length + span.count)) {
          const at = place.offset - first.offset
          const entry = checkedEntry(bytes.subarray(at), place, from + entries.length)
          if (typeof entry === 'string') {
            return done(new CorruptLogError(name, place.offset, entry), [])
          }
          entries.push(entry)
        }
        next()
      })
    })
  })
}

function placesWithin(
  index: EntryIndex,
  from: LogIndex,
  to: LogIndex,
  maxBytes: number,
): EntryPlace[] {
  const places: EntryPlace[] = []
  let bytes = 0
  for (let at = from; at <= to; at++) {
    const place = index.find(at)
    bytes += place.length
    if (places.length > 0 && bytes > maxBytes) break
    places.push(place)
  }
  return places
}

/** How many places one read covers, and where it ends. */
function spanFrom(places: readonly EntryPlace[], at: number): { count: number; end: number } {
  const first = places[at] as EntryPlace
  let end = first.offset + ENTRY_HEADER_BYTES + first.length
  let count = 1
  for (let place = places[at + 1]; place !== undefined; place = places[at + count]) {
    const placeEnd = place.offset + ENTRY_HEADER_BYTES + place.length
    if (place.segment !== first.segment || place.offset - end > MAX_GAP_BYTES) break
    if (placeEnd - first.offset > MAX_SPAN_BYTES) break
    end = placeEnd
    count++
  }
  return { count, end }
}

function checkedEntry(bytes: Uint8Array, place: EntryPlace, index: LogIndex): Entry | string {
  const length = ENTRY_HEADER_BYTES + place.length
  if (bytes.length < length) return `entry ${index} is cut off`
  if (getU64(bytes, 1) !== index || getU32(bytes, 17) !== place.length) {
    return `entry ${index} is not where it was written`
  }
  const own = bytes.subarray(ENTRY_HEADER_BYTES, length)
  if (crc32c(own) !== getU32(bytes, 21)) return `the checksum of entry ${index} is wrong`
  let entry: Entry
  try {
    // A copy: a view would keep the whole span in memory as long as the entry.
    entry = decodeEntry(own.slice())
  } catch (error) {
    return `entry ${index} can not be decoded: ${(error as Error).message}`
  }
  if (entry.index !== index || entry.term !== getU64(bytes, 9)) {
    return `entry ${index} says it is entry ${entry.index} of term ${entry.term}`
  }
  return entry
}
