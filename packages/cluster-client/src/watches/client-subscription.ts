import { create, type MessageInitShape } from '@bufbuild/protobuf'
import { timestampMs } from '@bufbuild/protobuf/wkt'
import { Code, ConnectError } from '@connectrpc/connect'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import {
  type SubscriptionSchema,
  type WatchEvent,
  WatchEventKind,
  type WatchResponse,
} from '@quorail/proto/quorail/watch/v1/watch_pb'
import { describeError } from '../describe-error.ts'
import type { DescribedError } from '../described-error.ts'
import { foldSeatMap } from './fold.ts'
import type { WatchListener, WatchUpdate } from './update.ts'

type Init = MessageInitShape<typeof SubscriptionSchema>
export type SubjectInit = NonNullable<Init['subject']>
type AnyValue = Extract<WatchEvent['body'], { case: 'seatMap' | 'booking' | 'node' }>['value']

/** What a client knows of something that it watches, from stream to stream. */
export class ClientSubscription {
  readonly id: number
  readonly #subject: SubjectInit
  readonly #listener: WatchListener<AnyValue>
  /** The client has seen this index. */
  #afterIndex: bigint
  #fingerprint: Uint8Array = new Uint8Array()
  #update: WatchUpdate<AnyValue> = {
    value: undefined,
    index: 0n,
    nodeNowMs: 0,
    isLive: false,
    hasEnded: false,
    error: undefined,
  }
  /** It was left: nobody wants to know any more. */
  #isLeft = false

  constructor(
    id: number,
    subject: SubjectInit,
    listener: WatchListener<AnyValue>,
    afterIndex: bigint,
  ) {
    this.id = id
    this.#subject = subject
    this.#listener = listener
    this.#afterIndex = afterIndex
  }

  get hasEnded(): boolean {
    return this.#update.hasEnded
  }

  /** How it is asked for, with what is known already. */
  get request(): Init {
    const { id } = this
    const afterIndex = this.#afterIndex
    return { id, subject: this.#subject, afterIndex, fingerprint: this.#fingerprint }
  }

  take(event: WatchEvent, { now }: WatchResponse): void {
    const { body, kind, index, fingerprint } = event
    const { value } = this.#update
    const about = { nodeNowMs: now === undefined ? 0 : timestampMs(now) }
    if (kind === WatchEventKind.ENDED) this.#tell({ ...about, isLive: false, hasEnded: true })
    else if (kind === WatchEventKind.ERROR) this.#tell({ ...about, ...endOf(event) })
    else {
      // A node answers nothing older than what it was told; this only makes sure.
      if (index < this.#afterIndex) return
      const next = nextValue(value, body)
      if (next === undefined) return
      this.#fingerprint = fingerprint
      this.#afterIndex = index
      this.#tell({ ...about, value: next, index, isLive: true, error: undefined })
    }
  }

  away(error: DescribedError | undefined): void {
    if (this.#update.hasEnded) return
    if (this.#update.isLive || error?.code !== this.#update.error?.code)
      this.#tell({ isLive: false, error })
  }

  /** Another cluster: what is known of it says nothing about this one. */
  forget(): void {
    this.#fingerprint = new Uint8Array()
    this.#afterIndex = 0n
    this.#update = { ...this.#update, value: undefined, index: 0n }
  }

  fail(error: DescribedError): void {
    this.#tell({ isLive: false, hasEnded: true, error })
  }

  leave(): void {
    this.#isLeft = true
  }

  #tell(change: Partial<WatchUpdate<AnyValue>>): void {
    this.#update = { ...this.#update, ...change }
    if (!this.#isLeft) this.#listener(this.#update)
  }
}

/** undefined: it can not be; then there is nothing to tell. */
function nextValue(value: AnyValue | undefined, body: WatchEvent['body']): AnyValue | undefined {
  switch (body.case) {
    case 'seatMap':
    case 'booking':
    case 'node':
      return body.value
    case 'seatMapChange':
      return value?.$typeName === 'quorail.booking.v1.GetSeatMapResponse'
        ? foldSeatMap(value, body.value)
        : undefined
    default:
      return value
  }
}

function endOf({ body }: WatchEvent): Partial<WatchUpdate<AnyValue>> {
  const details =
    body.case === 'error'
      ? [{ desc: ErrorDetailSchema, value: create(ErrorDetailSchema, body.value) }]
      : []
  const error = new ConnectError('', Code.FailedPrecondition, undefined, details)
  return { isLive: false, hasEnded: true, error: describeError(error) }
}
