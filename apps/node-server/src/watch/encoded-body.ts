/**
 * What happened, encoded once for all who watch it: protobuf writes the fields that a message does not
 * know as they are, so the bytes of a body stand among them.
 */
import { type DescMessage, fromBinary, type MessageInitShape } from '@bufbuild/protobuf'
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { type WatchEvent, WatchEventSchema } from '@quorail/proto/quorail/watch/v1/watch_pb'
import { bytesOf } from '../wire/message-writer.ts'

export interface EncodedBody {
  /** The number of the field of `WatchEvent`. */
  readonly no: number
  /** Its length, then its bytes. */
  readonly data: Uint8Array
}

type Body = 'seatMap' | 'seatMapChange' | 'booking' | 'node' | 'error'

export function encodeBody<Desc extends DescMessage>(
  field: Body,
  schema: Desc,
  message: MessageInitShape<Desc>,
): EncodedBody {
  return { no: WatchEventSchema.field[field].number, data: withLength(bytesOf(schema, message)) }
}

/** Puts the body into the event, as bytes; as a message where what is sent is not made of bytes. */
export function putBody(event: WatchEvent, { no, data }: EncodedBody, asMessage: boolean): void {
  if (!asMessage) event.$unknown = [{ no, wireType: WireType.LengthDelimited, data }]
  else {
    const tagged = new BinaryWriter().tag(no, WireType.LengthDelimited).raw(data).finish()
    event.body = fromBinary(WatchEventSchema, tagged).body
  }
}

function withLength(bytes: Uint8Array): Uint8Array {
  return new BinaryWriter().bytes(bytes).finish()
}
