/** Moves a captured state into a snapshot, piece by piece, however either side calls back. */
import type { Callback, Done, SnapshotWriter, StateCapture } from '../ports.ts'

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
      nextPiece(capture, (error, piece) => {
        if (error !== undefined || piece === undefined) ended(error)
        else {
          writer.write(piece, (failure) => {
            if (failure !== undefined) ended(failure)
            else step()
          })
        }
      })
    }
    isLooping = false
  }
  step()
}

/** What a state throws is its answer: that it could not be captured. */
function nextPiece(capture: StateCapture, done: Callback<Uint8Array | undefined>): void {
  let isAnswered = false
  try {
    capture.next((error, piece) => {
      isAnswered = true
      done(error, piece)
    })
  } catch (thrown) {
    if (isAnswered) throw thrown
    done(thrown instanceof Error ? thrown : new Error(String(thrown)), undefined)
  }
}
