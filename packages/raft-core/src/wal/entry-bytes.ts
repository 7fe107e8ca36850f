import type { Entry } from '../types.ts'

/** Until src/codec.ts is there: a private stand-in, not the final format. */
export function entryBytes(entry: Entry): Uint8Array {
  const bytes = new Uint8Array(17 + entry.data.length)
  const view = new DataView(bytes.buffer)
  view.setFloat64(0, entry.index)
  view.setFloat64(8, entry.term)
  bytes[16] = entry.kind === 'command' ? 1 : 0
  bytes.set(entry.data, 17)
  return bytes
}

export function decodeEntry(bytes: Uint8Array): Entry {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return {
    index: view.getFloat64(0),
    term: view.getFloat64(8),
    kind: bytes[16] === 1 ? 'command' : 'noop',
    data: bytes.slice(17),
  }
}
