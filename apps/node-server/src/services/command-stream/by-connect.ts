import { create } from '@bufbuild/protobuf'
import {
  type StreamCommandsRequest,
  type StreamCommandsResponse,
  StreamCommandsResponseSchema,
} from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { CommandStream, type CommandStreamOptions } from './command-stream.ts'
import { MessageFrames } from './result-frames.ts'

/** A stream of calls whose messages Connect reads and writes. */
export async function* serveByConnect(
  options: Omit<CommandStreamOptions, 'results' | 'onChange'>,
  frames: AsyncIterable<StreamCommandsRequest>,
): AsyncGenerator<StreamCommandsResponse> {
  const results = new MessageFrames()
  const [answers, room] = [new Signal(), new Signal()]
  const onChange = (): void => {
    answers.wake()
    if (stream.end !== undefined) room.wake()
  }
  const stream: CommandStream = new CommandStream({ ...options, results, onChange })
  const read = async (): Promise<void> => {
    for await (const frame of frames) {
      if (stream.end !== undefined) return
      stream.take(frame)
      while (stream.isFull && stream.end === undefined) await room.next()
    }
    stream.allRead()
  }
  stream.open()
  try {
    read().catch((error: unknown) => stream.endWith(error))
    yield create(StreamCommandsResponseSchema, { limits: options.limits })
    while (!stream.isOver) {
      const taken = results.take()
      if (taken === undefined) await answers.next()
      else {
        // What it answers is under way until the connection has taken it.
        yield create(StreamCommandsResponseSchema, { results: [...taken.frame] })
        stream.sent(taken.results)
        room.wake()
      }
    }
    if (stream.end !== undefined) throw stream.end.error
  } finally {
    stream.close()
  }
}

/** Whoever waits is woken; a call before anybody waits counts too. */
class Signal {
  #woken = false
  #resolve: (() => void) | undefined

  wake(): void {
    this.#woken = true
    this.#resolve?.()
  }

  async next(): Promise<void> {
    if (!this.#woken)
      await new Promise<void>((resolve) => {
        this.#resolve = resolve
      })
    this.#woken = false
  }
}
