/**
 * Handing committed entries to the state machine: in order, one batch at a time, and only entries
 * that are durable here as well, so that no state is ever ahead of this node's own log.
 */
import type { Entry, LogIndex } from '../types.ts'
import { broken, invariant } from './invariant.ts'
import type { CoreState } from './state.ts'

const NOTHING: readonly Entry[] = []

export function takeApply(s: CoreState): readonly Entry[] {
  if (s.applyingIndex > s.appliedIndex) return NOTHING
  const from = s.appliedIndex + 1
  const to = Math.min(s.commitIndex, s.log.durableIndex)
  if (from > to) return NOTHING
  let entries = s.applyReady
  s.applyReady = NOTHING
  if (entries.length === 0) {
    if (from < s.log.firstInMemory) {
      requestEntries(s, from, Math.min(to, s.log.firstInMemory - 1))
      return NOTHING
    }
    entries = s.log.entries(from, to, s.config.maxApplyBytes)
  }
  invariant(entries[0]?.index === from, 'entries are applied without gaps')
  s.applyingIndex = from + entries.length - 1
  return entries
}

export function handleApplied(s: CoreState, index: LogIndex): void {
  if (index !== s.applyingIndex) broken(`applied ${index}, expected ${s.applyingIndex}`)
  s.appliedIndex = index
}

function requestEntries(s: CoreState, from: LogIndex, to: LogIndex): void {
  if (s.applyReadId !== undefined) return
  const readId = s.nextLogReadId++
  s.applyReadId = readId
  s.pendingLogReads.set(readId, { purpose: 'apply', peer: undefined, from, to })
  s.logReads.push({ readId, from, to, maxBytes: s.config.maxApplyBytes })
}
