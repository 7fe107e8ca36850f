import { decodeEntry, entryBytes } from '../codec.ts'
import type { Entry, KnownPeer, TermRun } from '../types.ts'
import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './bytes.ts'
import {
  getGenesis,
  getHardState,
  getMark,
  getPeer,
  putGenesis,
  putHardState,
  putMark,
  putPeer,
} from './fields.ts'
import type { LogSummary } from './log-state.ts'

/**
 * All that the log says at the beginning of a segment besides its entries, so that it can be read
 * from there on when the segments before are gone:
 *
 *     u64 last index, hard state, u8 genesis there, sized genesis, sized base mark,
 *     u32 count, per term run: u64 term, u64 first index,
 *     u32 count, per config entry: sized entry,
 *     u32 count, peers
 *
 * The same state always gives the same bytes. Throws what a reader would not take.
 */
export function putCheckpoint(summary: LogSummary, to: ByteWriter): void {
  to.u64(summary.lastIndex)
  putHardState(summary.hardState, to)
  to.u8(summary.genesis === undefined ? 0 : 1)
  if (summary.genesis !== undefined) putGenesis(summary.genesis, to)
  putMark(summary.base, to)
  to.u32(summary.termRuns.length)
  for (const { term, firstIndex } of summary.termRuns) {
    to.u64(term)
    to.u64(firstIndex)
  }
  to.u32(summary.configEntries.length)
  for (const entry of summary.configEntries) to.sized(entryBytes(entry))
  to.u32(summary.peers.length)
  for (const peer of summary.peers) putPeer(peer, to)
}

/** Throws what is wrong with the bytes. */
export function getCheckpoint(from: ByteReader): LogSummary {
  const lastIndex = from.u64()
  const hardState = getHardState(from)
  const genesis = from.u8() === 0 ? undefined : getGenesis(from)
  const base = getMark(from)
  const termRuns: TermRun[] = []
  for (let left = from.u32(); left > 0; left--) {
    termRuns.push({ term: from.u64(), firstIndex: from.u64() })
  }
  const configEntries: Entry[] = []
  for (let left = from.u32(); left > 0; left--) {
    configEntries.push(decodeEntry(from.sized().slice()))
  }
  const peers: KnownPeer[] = []
  for (let left = from.u32(); left > 0; left--) peers.push(getPeer(from))
  return { genesis, base, lastIndex, hardState, termRuns, configEntries, peers }
}
