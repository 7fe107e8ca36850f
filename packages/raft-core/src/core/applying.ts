/**
 * Handing committed entries to the state machine: in order, one batch at a time, and only entries
 * that are durable here as well, so that no state is ever ahead of this node's own log.
 */
import type { Entry, LogIndex } from '../types.ts'
import { applyConfigEntries, continueChanges } from './config-entries.ts'
import { broken, invariant } from './invariant.ts'
import { replicate } from './replication.ts'
import type { CoreState } from './state.ts'

const NOTHING: readonly Entry[] = []

export function takeApply(s: CoreState): readonly Entry[] {
  if (s.applyingIndex > s.appliedIndex || s.restoring !== undefined) return NOTHING
  const from = s.appliedIndex + 1
  const durable = s.config.applyUnstable ? s.log.lastIndex : s.log.durableIndex
  const to = Math.min(s.commitIndex, durable)
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
  const nextConfig = s.unappliedConfigs[0]?.index
  if (nextConfig !== undefined && nextConfig <= s.applyingIndex) {
    s.applyingConfigs = entries.filter(({ kind }) => kind === 'config')
  }
  return entries
}

export function handleApplied(s: CoreState, index: LogIndex): void {
  if (index !== s.applyingIndex) broken(`applied ${index}, expected ${s.applyingIndex}`)
  s.appliedIndex = index
  const configs = s.applyingConfigs
  s.applyingConfigs = NOTHING
  // A snapshot that came meanwhile knows better.
  if (s.restoring !== undefined) return
  if (configs.length > 0) {
    applyConfigEntries(s, configs)
    // New members get what there is before the next change is in the log.
    if (s.role === 'leader') replicate(s)
  }
  continueChanges(s)
}

function requestEntries(s: CoreState, from: LogIndex, to: LogIndex): void {
  if (s.applyReadId !== undefined) return
  const readId = s.nextLogReadId++
  s.applyReadId = readId
  s.pendingLogReads.set(readId, { peer: undefined, from, to })
  s.logReads.push({ readId, from, to, maxBytes: s.config.maxApplyBytes })
}
