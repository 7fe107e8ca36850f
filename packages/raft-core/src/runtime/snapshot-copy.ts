/** Moves a captured state into a snapshot, piece by piece, however either side calls back. */
import type { Done, SnapshotWriter, StateCapture } from '../ports.ts'
import { askOnce } from './asking.ts'

/** Calls back once: at the end, on the first error, or with `stopped` when `isWanted` says no. */
export function copyCapture(
  capture: StateCapture,
  writer: SnapshotWriter,
  isWanted: () => boolean,
  done: Done,
): void {
  // A loop, not a recursion: a state of many pieces may be read and written without any waiting.
  let isLooping = false
  let isDue = true
  const ended = (error: Error | undefined) => {
    isDue = false
    done(error)
  }
  const step = () => {
    isDue = true
    if (isLooping) return
    isLooping = true
    while (isDue) {
      isDue = false
      if (!isWanted()) {
        ended(new Error('stopped'))
        break
      }
      askOnce<Uint8Array | undefined>(
        (answer) => capture.next(answer),
        (error, piece) => {
          if (error !== undefined || piece === undefined) ended(error)
          else {
            writer.write(piece, (failure) => {
              if (failure !== undefined) ended(failure)
              else step()
            })
          }
        },
      )
    }
    isLooping = false
  }
  step()
}
