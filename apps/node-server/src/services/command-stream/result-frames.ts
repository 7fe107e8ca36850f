import type { DescMessage, MessageInitShape } from '@bufbuild/protobuf'
import { create } from '@bufbuild/protobuf'
import {
  type CallError,
  CallErrorSchema,
  type CommandResult,
  CommandResultSchema,
  StreamCommandsResponseSchema,
} from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { headBytes } from '../../http/call-wire.ts'
import { bytesOf, writeMessage } from '../../wire/message-writer.ts'
import { tagOf } from '../../wire/wire-shape.ts'
import { WireWriter } from '../../wire/wire-writer.ts'

/** Puts the results of a stream's calls together, until a frame of them goes out. */
export interface ResultFrames<Frame> {
  /** Throws, with nothing added, what making the answer throws. */
  answer<Desc extends DescMessage>(
    number: number,
    output: Desc,
    answer: () => MessageInitShape<Desc>,
  ): void
  fail(number: number, error: CallError): void
  /** Undefined: there are none. */
  take(): Taken<Frame> | undefined
}

export interface Taken<Frame> {
  readonly frame: Frame
  readonly results: number
}

/** A response waits for the client this long in frames of at most this many answers. */
const resultsInFrame = 512

/** As messages, for Connect to encode. */
export class MessageFrames implements ResultFrames<readonly CommandResult[]> {
  #results: CommandResult[] = []

  answer<Desc extends DescMessage>(
    number: number,
    output: Desc,
    answer: () => MessageInitShape<Desc>,
  ): void {
    const value = bytesOf(output, answer())
    this.#results.push(
      create(CommandResultSchema, { number, outcome: { case: 'response', value } }),
    )
  }

  fail(number: number, value: CallError): void {
    this.#results.push(create(CommandResultSchema, { number, outcome: { case: 'error', value } }))
  }

  take(): Taken<readonly CommandResult[]> | undefined {
    const frame = this.#results.splice(0, resultsInFrame)
    return frame.length === 0 ? undefined : { frame, results: frame.length }
  }
}

const resultsTag = tagOf(StreamCommandsResponseSchema.field.results)
const { number: numberField, response, error } = CommandResultSchema.field
const [numberTag, responseTag, errorTag] = [tagOf(numberField), tagOf(response), tagOf(error)]
/** A writer that has grown to more is not kept. */
const keptBytes = 2 ** 20

/** As bytes of `StreamCommandsResponse`, each written once; with room for the wire's head. */
export class ByteFrames implements ResultFrames<Uint8Array> {
  #writer = new WireWriter()
  #results = 0
  #full: Taken<Uint8Array>[] = []

  constructor() {
    this.#begin()
  }

  answer<Desc extends DescMessage>(
    number: number,
    output: Desc,
    answer: () => MessageInitShape<Desc>,
  ): void {
    const value = answer()
    this.#add(number, responseTag, output, value)
  }

  fail(number: number, value: CallError): void {
    this.#add(number, errorTag, CallErrorSchema, value)
  }

  take(): Taken<Uint8Array> | undefined {
    if (this.#full.length > 0) return this.#full.shift()
    if (this.#results > 0) this.#seal()
    return this.#full.shift()
  }

  #add<Desc extends DescMessage>(
    number: number,
    outcomeTag: number,
    desc: Desc,
    value: MessageInitShape<Desc>,
  ): void {
    const writer = this.#writer
    const before = writer.length
    writer.varint(resultsTag)
    const start = writer.begin()
    if (number !== 0) {
      writer.varint(numberTag)
      writer.varint(number)
    }
    writer.varint(outcomeTag)
    try {
      writeMessage(writer, desc, value)
    } catch (reason) {
      writer.cut(before)
      throw reason
    }
    writer.end(start)
    this.#results += 1
    if (this.#results === resultsInFrame) this.#seal()
  }

  #begin(): void {
    this.#writer.restart()
    this.#writer.skip(headBytes)
    this.#results = 0
  }

  #seal(): void {
    if (this.#writer.length > keptBytes) {
      this.#full.push({ frame: this.#writer.finish(), results: this.#results })
      this.#writer = new WireWriter()
    } else this.#full.push({ frame: this.#writer.finish(), results: this.#results })
    this.#begin()
  }
}
