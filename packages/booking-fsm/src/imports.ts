/** What is visible, and what stands under an import that is still open. */

import { isId } from './checks.ts'
import { invalid, refuse } from './refusal.ts'
import type { Refusal } from './replies.ts'
import type { BookingState } from './state.ts'
import type { Import, Run, Station, Train } from './things.ts'

/** Whether what came with this import (0: with none) is on sale. */
export function isVisible(state: BookingState, importId: number): boolean {
  return importId === 0 || state.imports.get(importId)?.status === 'committed'
}

/** On sale, or under an import that is still open; else it waits to be removed. */
export function mayRun(state: BookingState, run: Run): boolean {
  return isVisible(state, run.importId) || run.importId === state.openImport?.importId
}

/** The import a command works under must exist and be open; undefined is none. */
export function mustBeOpen(state: BookingState, importId: number | undefined): Refusal | undefined {
  if (importId === undefined) return undefined
  const found = state.imports.get(importId)
  if (found === undefined) return refuse('importNotFound', { field: 'importId' })
  return found.status === 'open' ? undefined : refuse('importNotOpen')
}

export function checkImportId(importId: unknown): Refusal | undefined {
  return importId === undefined || isId(importId) ? undefined : invalid('importId')
}

/** By code, as a command under this import (or none) sees it. */
export function stationFor(
  state: BookingState,
  code: string,
  importId: number | undefined,
): Station | undefined {
  const staged = importId === undefined ? undefined : state.stagedStationByCode.get(code)
  return staged ?? state.stationByCode.get(code)
}

/** By id, or by number among the import's own (or, without import, the visible) trains. */
export function trainFor(
  state: BookingState,
  trainId: number,
  trainNumber: string,
  importId: number | undefined,
): Train | undefined {
  if (trainId === 0) {
    const byNumber = importId === undefined ? state.trainByNumber : state.stagedTrainByNumber
    return byNumber.get(trainNumber)
  }
  const train = state.trains.get(trainId)
  if (train === undefined) return undefined
  return train.importId === importId || isVisible(state, train.importId) ? train : undefined
}

export function createImport(
  fields: Pick<Import, 'importId' | 'source' | 'begunAtMs' | 'status' | 'endedAtMs'>,
): Import {
  const staged = { stations: new Set<Station>(), trains: new Set<Train>(), runs: new Set<never>() }
  return { hashLow: 0, hashHigh: 0, ...fields, staged: { ...staged, changes: new Map() } }
}
