/** Names on the wire: of nodes, as their users chose them, and random ones of 128 bits. */
import { DecodeError } from '../errors.ts'
import type { NodeId } from '../types.ts'
import type { Reader } from './reader.ts'
import { decodeUtf8, encodeUtf8 } from './utf8.ts'

/** Longest name of a node, in bytes of UTF-8. */
export const MAX_NAME_BYTES = 64

/** Whether every decoder takes it for a node's name: well-formed text of 1 to 64 bytes of UTF-8. */
export function isNodeName(name: string): boolean {
  if (name.length === 0 || name.length > MAX_NAME_BYTES) return false
  const bytes = encodeUtf8(name)
  // A lone surrogate does not come back as it went.
  return bytes.length <= MAX_NAME_BYTES && decodeUtf8(bytes, 0, bytes.length) === name
}

/** For an encoder, before something that nobody could read gets into a log: throws `RangeError`. */
export function checkNodeNames(names: readonly NodeId[], place: string): void {
  for (const name of names) {
    if (!isNodeName(name)) {
      throw new RangeError(
        `${place}: a name must have 1 to ${MAX_NAME_BYTES} bytes of UTF-8, not "${name}"`,
      )
    }
  }
}

export function readName(reader: Reader, field: string): NodeId {
  const name = reader.string(field, MAX_NAME_BYTES)
  if (name === '') throw new DecodeError(`${reader.place}.${field}`, 'a name is empty')
  return name
}

/** A random 128-bit name. */
export function checkRandomName(name: string, place: string): void {
  if (!/^[0-9a-f]{32}$/.test(name)) throw new DecodeError(place, 'must be 32 hexadecimal digits')
}
