import {
  type BookingState,
  type Row,
  StateLoader,
  stateHash,
  tables,
  type Value,
} from '@quorail/booking-fsm'
import type { SnapshotReader } from '@quorail/raft-core'
import type { BuildingAnswer, BuildingData, BuildingMessage } from './building-thread.ts'
import {
  type Frame,
  FrameReader,
  isEnd,
  isHeader,
  StateStreamError,
  type StreamHeader,
} from './state-stream.ts'
import { ThreadCalls } from './thread-calls.ts'

export interface Received {
  readonly header: StreamHeader
  /** Of the rows that came, checked against the hash that was sent with them. */
  readonly state: BookingState
}

/** A piece is worked off in a few milliseconds: a heartbeat waits no longer. */
const pieceBytes = 128 << 10

/**
 * Makes `file` from the stream, complete and durable when it resolves, and loads the state on the way.
 * Rejects on anything that is not whole; what it leaves of the file then is the caller's to remove.
 */
export async function receiveDatabase(file: string, bytes: SnapshotReader): Promise<Received> {
  const data: BuildingData = { file }
  const script = new URL('./building-thread.ts', import.meta.url)
  const thread = new ThreadCalls<BuildingMessage, BuildingAnswer>(script, 'restore', data)
  try {
    const loading = new Loading()
    for (let offset = 0; offset < bytes.sizeBytes; ) {
      const piece = await readPiece(bytes, offset)
      if (piece.length === 0) throw new StateStreamError('the snapshot is shorter than it says')
      const written = thread.call(piece)
      // Not before the loading has had its look: an error of either is the answer.
      written.catch(() => {})
      loading.add(piece)
      await written
      offset += piece.length
    }
    const received = loading.finish()
    await thread.call('finish')
    return received
  } catch (error) {
    await thread.call('abandon').catch(() => {})
    throw error
  }
}

/** The state, from the same pieces. */
class Loading {
  readonly #frames = new FrameReader()
  readonly #loader = new StateLoader()
  #header: StreamHeader | undefined
  #ended = false

  add(piece: Uint8Array): void {
    this.#frames.add(piece)
    for (let frame = this.#frames.next(); frame !== undefined; frame = this.#frames.next()) {
      this.#take(frame)
    }
  }

  finish(): Received {
    if (this.#header === undefined || !this.#ended || !this.#frames.isEmpty) {
      throw new StateStreamError('the stream ends early')
    }
    const state = this.#loader.finish()
    const found = stateHash(state)
    if (found !== this.#header.stateHash) {
      throw new StateStreamError(
        `the rows have the hash ${found}, and ${this.#header.stateHash} was sent with them`,
      )
    }
    return { header: this.#header, state }
  }

  #take(frame: Frame): void {
    if (isHeader(frame)) this.#header = frame
    else if (isEnd(frame)) this.#ended = true
    else for (const values of frame.rows) this.#loader.add(wholeRow(frame.table, values))
  }
}

/** A sender of an earlier version does not know the columns that came later: they stand last. */
function wholeRow(table: string, values: readonly Value[]): Row {
  const missing = (widths.get(table) ?? values.length) - values.length
  return { table, values: missing > 0 ? [...values, ...Array(missing).fill(null)] : values }
}
const widths = new Map(tables.map(({ name, columns }) => [name, columns.length]))

function readPiece(bytes: SnapshotReader, offset: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    bytes.read(offset, Math.min(pieceBytes, bytes.sizeBytes - offset), (error, piece) => {
      if (error !== undefined) reject(error)
      else resolve(piece)
    })
  })
}
