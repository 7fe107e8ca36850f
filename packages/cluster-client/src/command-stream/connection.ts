import { create } from '@bufbuild/protobuf'
import { Code, ConnectError } from '@connectrpc/connect'
import {
  type CommandResult,
  CommandStreamService,
  type StreamCommandsRequest,
  StreamCommandsRequestSchema,
  type StreamCommandsResponse,
  type StreamLimits,
} from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import type { Context } from '../context.ts'
import type { PendingCalls } from './pending-calls.ts'

/** A node takes no more calls in one frame. */
const callsInFrame = 256
const bytesInFrame = 2 ** 20
/** Longer ones count as this. */
const longestTimeoutMs = 60_000

/** One stream to one node. */
export class Connection {
  readonly url: string
  readonly #calls: PendingCalls
  readonly #controller: AbortController
  readonly #limits: StreamLimits
  readonly #responses: AsyncIterator<StreamCommandsResponse>
  readonly #input: Input
  /** When it said something last. */
  heardAt = 0

  private constructor(
    url: string,
    calls: PendingCalls,
    controller: AbortController,
    limits: StreamLimits,
    responses: AsyncIterator<StreamCommandsResponse>,
    input: Input,
  ) {
    this.url = url
    this.#calls = calls
    this.#controller = controller
    this.#limits = limits
    this.#responses = responses
    this.#input = input
  }

  /** Resolves when the node has said that it takes calls. */
  static async open(
    context: Context,
    url: string,
    header: HeadersInit | undefined,
    calls: PendingCalls,
    controller: AbortController,
  ): Promise<Connection> {
    const input = new Input()
    const response = await context
      .transportTo(url)
      .stream(
        CommandStreamService.method.streamCommands,
        controller.signal,
        0,
        header,
        input.frames(),
      )
    const responses = response.message[Symbol.asyncIterator]()
    const first = await responses.next()
    const limits = first.done === true ? undefined : first.value.limits
    if (limits === undefined) throw new ConnectError('no limits came first', Code.Internal)
    return new Connection(url, calls, controller, limits, responses, input)
  }

  /** Hands every result on until the stream ends; throws why it did, unless it was closed. */
  async carry(now: () => number, onResult: (result: CommandResult) => void): Promise<void> {
    this.heardAt = now()
    this.#input.start(() => this.#nextFrame(now()))
    this.wake()
    for (;;) {
      const next = await this.#responses.next()
      if (next.done === true) return
      this.heardAt = now()
      for (const result of next.value.results) onResult(result)
      // The answers have made room.
      this.wake()
    }
  }

  wake(): void {
    this.#input.wake()
  }

  /** Sends nothing more; what is under way is still answered. */
  finish(): void {
    this.#input.finish()
  }

  abort(reason: ConnectError): void {
    this.#input.finish()
    this.#controller.abort(reason)
  }

  #nextFrame(now: number): StreamCommandsRequest | undefined {
    const { sent, sentBytes } = this.#calls
    const room = Math.min(callsInFrame, this.#limits.calls - sent.size)
    const roomBytes = Math.min(bytesInFrame, this.#limits.bytes - sentBytes)
    if (room <= 0 || roomBytes <= 0) return undefined
    const frame = this.#calls.takeFrame(room, roomBytes, now)
    const [first] = frame
    if (first === undefined) return undefined
    return create(StreamCommandsRequestSchema, {
      sessionToken: first.sessionToken,
      sentMs: now,
      calls: frame.map(({ number, name, bytes, endsAt }) => ({
        number,
        method: name,
        request: bytes,
        timeoutMs: Math.min(longestTimeoutMs, Math.max(1, Math.ceil(endsAt - now))),
      })),
    })
  }
}

/** What the transport sends: a frame whenever there is one. */
class Input {
  #take: () => StreamCommandsRequest | undefined = () => undefined
  #finished = false
  #woken: (() => void) | undefined

  async *frames(): AsyncGenerator<StreamCommandsRequest> {
    while (!this.#finished) {
      const frame = this.#take()
      if (frame === undefined) await this.#wait()
      else yield frame
    }
  }

  start(take: () => StreamCommandsRequest | undefined): void {
    this.#take = take
  }

  wake(): void {
    this.#woken?.()
  }

  finish(): void {
    this.#finished = true
    this.wake()
  }

  #wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#woken = resolve
    })
  }
}
