import { mustBeStaff } from '../actors.ts'
import { firstInvalid, isId } from '../checks.ts'
import type { CloseChart } from '../commands.ts'
import { isVisible } from '../imports.ts'
import { refuse } from '../refusal.ts'
import type { Reply } from '../replies.ts'
import type { Work } from '../store.ts'
import { closeList } from '../waiting/ending.ts'
import { isClosed } from '../waiting/list.ts'

export function closeChart(work: Work, { runId }: CloseChart): Reply {
  const { state } = work
  const refusal = firstInvalid([[isId(runId), 'runId']]) ?? mustBeStaff(work)
  if (refusal !== undefined) return refusal
  const run = state.runs.get(runId)
  if (run === undefined || !isVisible(state, run.importId)) return refuse('runNotFound')
  if (isClosed(state, run)) return refuse('chartClosed')
  closeList(work, run)
  return { type: 'done' }
}
