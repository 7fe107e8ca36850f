import type { Callback, Done, SnapshotReader, StateCapture, StateMachine } from '../src/ports.ts'
import type { Entry, LogIndex, SnapshotMark } from '../src/types.ts'

/** Keeps every command it was ever given, in order. Answers how often it has seen it. */
export class NamesMachine implements StateMachine<number> {
  appliedIndex: LogIndex = 0
  names: string[] = []

  apply(entries: readonly Entry[], done: Callback<readonly number[]>): void {
    const results = entries.map(({ kind, data }) => {
      if (kind !== 'command') return 0
      const name = new TextDecoder().decode(data)
      this.names.push(name)
      return this.names.filter((one) => one === name).length
    })
    this.appliedIndex = entries.at(-1)?.index ?? this.appliedIndex
    done(undefined, results)
  }

  capture(done: Callback<StateCapture>): void {
    let bytes: Uint8Array | undefined = new TextEncoder().encode(JSON.stringify(this.names))
    done(undefined, {
      next: (piece) => {
        const whole = bytes
        bytes = undefined
        piece(undefined, whole)
      },
      release: () => {},
    })
  }

  restore(mark: SnapshotMark, bytes: SnapshotReader, done: Done): void {
    bytes.read(0, bytes.sizeBytes, (error, content) => {
      if (error !== undefined) return done(error)
      this.names = JSON.parse(new TextDecoder().decode(content)) as string[]
      this.appliedIndex = mark.index
      done(undefined)
    })
  }
}
