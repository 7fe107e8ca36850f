/** The log begins with a snapshot that was fetched: now the state does, too. */
import { InvariantError, StorageFailedError } from '../errors.ts'
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
  if (shelf === undefined || info === undefined) {
    throw new InvariantError(`the snapshot at ${mark.index} is to be installed and is not there`)
  }
  shelf.use(info.id, (error, stored) => {
    if (error !== undefined) {
      host.fail(new StorageFailedError(error))
      return
    }
    applying.restore(mark, stored, () => {
      shelf.release(info.id)
      if (!host.isRunning) return
      done()
      const from = fetching.takeSource(mark.index)
      host.observe({ type: 'snapshotInstalled', from, index: mark.index })
    })
  })
}
