// The state machine of a key-value store: the same commands in the same order make the same state.
import type {
  Callback,
  Done,
  Entry,
  SnapshotMark,
  SnapshotReader,
  StateCapture,
  StateMachine,
} from '@quorail/raft-core'

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const decode = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes))

export const put = (key: string, value: string): Uint8Array => encode({ key, value })

export class Store implements StateMachine<string> {
  appliedIndex = 0
  #values = new Map<string, string>()

  get(key: string): string {
    return this.#values.get(key) ?? ''
  }

  apply(entries: readonly Entry[], done: Callback<readonly string[]>): void {
    const results = entries.map((entry) => this.#applyOne(entry))
    this.appliedIndex += entries.length
    done(undefined, results)
  }

  #applyOne({ kind, data }: Entry): string {
    if (kind !== 'command') return '' // the first entry of a leader, or a change of the membership
    const { key, value } = decode(data)
    const before = this.get(key)
    this.#values.set(key, value)
    return before // what `propose` resolves with
  }

  capture(done: Callback<StateCapture>): void {
    const pieces = [encode([...this.#values])] // what is applied from now on is not in it
    done(undefined, { next: (piece) => piece(undefined, pieces.shift()), release: () => {} })
  }

  restore({ index }: SnapshotMark, bytes: SnapshotReader, done: Done): void {
    bytes.read(0, bytes.sizeBytes, (error, all) => {
      if (error !== undefined) return done(error)
      this.#values = new Map(decode(all))
      this.appliedIndex = index
      done(undefined)
    })
  }
}
