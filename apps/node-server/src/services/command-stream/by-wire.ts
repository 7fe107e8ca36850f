import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { StreamCommandsResponseSchema } from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import type { CallWire } from '../../http/call-wire.ts'
import { readCallFrame } from './call-frames.ts'
import { CommandStream, type CommandStreamOptions } from './command-stream.ts'
import { ByteFrames } from './result-frames.ts'

/**
 * The same as `serveByConnect` to its client, with the bytes of HTTP/2's stream read and written here. Connect begins it, with
 * the first message, and ends it, with what this throws: protocols, interceptors, errors and their traces are Connect's way.
 */
export async function* serveByWire(
  options: Omit<CommandStreamOptions, 'results' | 'onChange'>,
  wire: CallWire,
): AsyncGenerator<MessageInitShape<typeof StreamCommandsResponseSchema>> {
  const served = new ServedByWire(options, wire)
  try {
    yield create(StreamCommandsResponseSchema, { limits: options.limits })
    await served.run()
  } finally {
    served.close()
  }
}

class ServedByWire {
  readonly #options: Omit<CommandStreamOptions, 'results' | 'onChange'>
  readonly #wire: CallWire
  readonly #stream: CommandStream
  readonly #results = new ByteFrames()
  #hasRoom = true
  /** Results whose frame waits for room in the connection. */
  #unsent = 0
  #isPaused = false
  #isGone = false
  #willFlush = false
  #over: (() => void) | undefined

  constructor(options: Omit<CommandStreamOptions, 'results' | 'onChange'>, wire: CallWire) {
    this.#options = options
    this.#wire = wire
    const onChange = (): void => this.#changed()
    this.#stream = new CommandStream({ ...options, results: this.#results, onChange })
    this.#stream.open()
  }

  async run(): Promise<void> {
    const stream = this.#stream
    const { mustBeValid } = this.#options.door
    const over = new Promise<void>((resolve) => {
      this.#over = resolve
    })
    this.#wire.listen({
      message: (bytes) => {
        if (stream.end !== undefined) return
        stream.take(readCallFrame(bytes, mustBeValid))
        if (!stream.isFull || this.#isPaused) return
        this.#isPaused = true
        this.#wire.pause()
      },
      end: (error) => (error === undefined ? stream.allRead() : stream.endWith(error)),
      gone: () => {
        this.#isGone = true
        this.#flush()
      },
      room: () => {
        this.#hasRoom = true
        this.#flush()
      },
    })
    this.#changed()
    await over
    if (stream.end !== undefined) throw stream.end.error
  }

  close(): void {
    this.#stream.close()
    if (this.#isPaused) this.#wire.resume()
  }

  /** All results of a turn go out together. */
  #changed(): void {
    if (this.#willFlush) return
    this.#willFlush = true
    queueMicrotask(() => {
      this.#willFlush = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#hasRoom) this.#write()
    if (this.#stream.isOver || this.#isGone) this.#over?.()
    else if (this.#isPaused && (!this.#stream.isFull || this.#stream.end !== undefined)) {
      this.#isPaused = false
      this.#wire.resume()
    }
  }

  /** What a frame answers is under way until the connection has taken it. */
  #write(): void {
    this.#stream.sent(this.#unsent)
    this.#unsent = 0
    while (this.#hasRoom) {
      const taken = this.#results.take()
      if (taken === undefined) return
      this.#hasRoom = this.#wire.write(taken.frame)
      if (this.#hasRoom) this.#stream.sent(taken.results)
      else this.#unsent = taken.results
    }
  }
}
