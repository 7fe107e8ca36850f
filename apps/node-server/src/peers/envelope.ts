import { WireReader } from '../wire/wire-reader.ts'
import { UnfitError, WireWriter } from '../wire/wire-writer.ts'

/** Connect's envelopes around the messages of a stream: a byte of flags, four of length, the message. */
const headBytes = 5
const endStreamFlag = 2
const bytesField = 0x0a
/** What is copied to go out in one piece. */
const smallBytes = 16 * 1_024
const field = new WireWriter()

export interface Envelope {
  readonly flags: number
  readonly message: Buffer
}

/** The pieces of an envelope with one `DeliverRequest`. */
export function deliverEnvelope(batch: Uint8Array): readonly Uint8Array[] {
  field.restart()
  field.varint(bytesField)
  field.varint(batch.length)
  const before = field.finish()
  const head = Buffer.alloc(headBytes + before.length)
  head.writeUInt32BE(before.length + batch.length, 1)
  head.set(before, headBytes)
  return batch.length <= smallBytes ? [Buffer.concat([head, batch])] : [head, batch]
}

/** The last envelope of an answer: how the call ended. */
export function endEnvelope(error?: { readonly code: string; readonly message: string }): Buffer {
  return envelopeOf(
    endStreamFlag,
    Buffer.from(JSON.stringify(error === undefined ? {} : { error })),
  )
}

export function envelopeOf(flags: number, message: Uint8Array): Buffer {
  const envelope = Buffer.alloc(headBytes + message.length)
  envelope[0] = flags
  envelope.writeUInt32BE(message.length, 1)
  envelope.set(message, headBytes)
  return envelope
}

/** Why a call ended, by the last envelope of its answer; undefined: in good order. */
export function errorIn({ flags, message }: Envelope): string | undefined {
  if ((flags & endStreamFlag) === 0) return undefined
  const { error } = JSON.parse(message.toString()) as { error?: { code: string; message?: string } }
  return error && `[${error.code}] ${error.message ?? ''}`
}

/** The batch in a `DeliverRequest`, in memory that is not much larger. */
export function batchIn(message: Buffer): Uint8Array {
  if (message.length === 0) return new Uint8Array()
  const batch = message.subarray(startOfBatch(message))
  // Raft's log keeps views of it: a small one must not hold a large piece of what came.
  const isAlone = batch.buffer.byteLength <= batch.length + 64
  return isAlone ? batch : Uint8Array.prototype.slice.call(batch)
}

/** A message is larger than it may be. */
export class TooLargeError extends Error {
  override readonly name = 'TooLargeError'

  constructor(bytes: number, maxBytes: number) {
    super(`a message of ${bytes} bytes is more than ${maxBytes}`)
  }
}

/** Puts the envelopes of a stream together again from the pieces that arrive. */
export class EnvelopeReader {
  readonly #maxBytes: number
  #pieces: Buffer[] = []
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Nothing waits for the rest of its message. */
  get isBetween(): boolean {
    return this.#bytes === 0
  }

  /** Those that are complete now. Throws for one that is larger than it may be. */
  *take(piece: Buffer): Generator<Envelope> {
    this.#pieces.push(piece)
    this.#bytes += piece.length
    while (this.#bytes >= headBytes) {
      const length = headBytes + this.#length()
      if (length > headBytes + this.#maxBytes)
        throw new TooLargeError(length - headBytes, this.#maxBytes)
      if (this.#bytes < length) return
      const all = this.#together()
      this.#pieces = all.length === length ? [] : [all.subarray(length)]
      this.#bytes -= length
      yield { flags: all[0] as number, message: all.subarray(headBytes, length) }
    }
  }

  #length(): number {
    const [first] = this.#pieces
    const head = first !== undefined && first.length >= headBytes ? first : this.#together()
    return head.readUInt32BE(1)
  }

  /** Once for an envelope: pieces that wait for more are not copied again and again. */
  #together(): Buffer {
    const [first, ...more] = this.#pieces
    const all = first !== undefined && more.length === 0 ? first : Buffer.concat(this.#pieces)
    this.#pieces = [all]
    return all
  }
}

function startOfBatch(message: Buffer): number {
  const reader = new WireReader(message)
  try {
    if (reader.varint() === bytesField && reader.end() === message.length) return reader.at
  } catch (error) {
    if (!(error instanceof UnfitError)) throw error
  }
  throw new Error('it is no DeliverRequest')
}
