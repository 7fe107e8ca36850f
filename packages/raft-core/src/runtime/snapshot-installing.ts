/** The log begins with a snapshot that was fetched: now the state does, too. */
import { invariant } from '../core/invariant.ts'
import { StorageFailedError } from '../errors.ts'
import type { SnapshotMark } from '../types.ts'
import type { Host } from './host.ts'
import type { Parts } from './parts.ts'

/** Calls back when the state machine has the state. Failing at it ends the node. */
export function installSnapshot<Result>(
  host: Host,
  { shelf, applying, fetching }: Parts<Result>,
  mark: SnapshotMark,
  done: () => void,
): void {
  const info = shelf?.at(mark.index)
  invariant(shelf !== undefined && info !== undefined, 'what is to be installed was fetched')
  shelf.use(info.id, (error, stored) => {
    if (error !== undefined) {
      host.fail(new StorageFailedError(error))
      return
    }
    applying.restore(mark, stored, (isRestored) => {
      shelf.release(info.id)
      if (!isRestored || !host.isRunning) return
      done()
      const from = fetching.takeSource(mark.index)
      host.observe({ type: 'snapshotInstalled', from, index: mark.index })
    })
  })
}
