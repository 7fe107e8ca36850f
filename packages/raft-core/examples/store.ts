// The state machine of a key-value store: the same commands in the same order make the same state.
import type { StateMachine } from '@quorail/raft-core'

type Machine = Required<StateMachine<string>>
const encode = (text: string) => new TextEncoder().encode(text)
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** A command. The key has no `=`. */
export const put = (key: string, value: string): Uint8Array => encode(`${key}=${value}`)

export class Store implements StateMachine<string> {
  appliedIndex = 0
  #values = new Map<string, string>()
  get = (key: string): string => this.#values.get(key) ?? ''
  text = (): string => JSON.stringify([...this.#values])

  apply: Machine['apply'] = (entries, done) => {
    const results = entries.map(({ kind, data }) => {
      if (kind !== 'command') return '' // a leader's first entry, or a change of the membership
      const [, key = '', value = ''] = /^(.*?)=(.*)$/s.exec(decode(data)) ?? [] // must not throw
      const before = this.get(key)
      this.#values.set(key, value)
      return before // what `propose` resolves with
    })
    this.appliedIndex += entries.length
    done(undefined, results)
  }

  capture: Machine['capture'] = (done) => {
    const pieces = [encode(this.text())] // as it is now
    done(undefined, { next: (piece) => piece(undefined, pieces.shift()), release: () => {} })
  }

  restore: Machine['restore'] = ({ index }, bytes, done) => {
    bytes.read(0, bytes.sizeBytes, (error, all) => {
      if (error !== undefined) return done(error)
      this.#values = new Map(JSON.parse(decode(all)))
      this.appliedIndex = index
      done(undefined)
    })
  }
}
