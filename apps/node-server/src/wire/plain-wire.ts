/**
 * Plain data straight to protobuf's bytes and back, without a message in between: exactly what `message-codec.ts` and
 * protobuf-es do together, several times faster. It does what is common. Whatever is rare or wrong throws `unfit`, and
 * the general way decides.
 */
import type { DescMessage } from '@bufbuild/protobuf'
import type { MappingRules } from '../mapping/message-codec.ts'
import { type MessageReader, messageReader } from './plain-reader.ts'
import { plainWriter } from './plain-writer.ts'
import { WireReader } from './wire-reader.ts'
import { UnfitError, WireWriter } from './wire-writer.ts'

export interface PlainWire {
  /** Undefined: not by this way. */
  encode(plain: Readonly<Record<string, unknown>>): Uint8Array | undefined
  /** Undefined: not by this way. */
  decode(data: Uint8Array): Readonly<Record<string, unknown>> | undefined
}

export function plainWire(desc: DescMessage, rules: MappingRules): PlainWire {
  const write = plainWriter(desc, rules)
  const read: MessageReader = messageReader(desc, rules)
  const writer = new WireWriter()
  return {
    encode: (plain) =>
      unlessUnfit(() => {
        writer.restart()
        write(writer, plain)
        return writer.finish()
      }),
    decode: (data) =>
      unlessUnfit(() => {
        const reader = new WireReader(data)
        return read(reader, reader.length)
      }),
  }
}

function unlessUnfit<T>(attempt: () => T): T | undefined {
  try {
    return attempt()
  } catch (error) {
    if (error instanceof UnfitError) return undefined
    throw error
  }
}
