/** A strict, bounded reader of protobuf fields. Everything it refuses is a `DecodeError` with a place. */
import { DecodeError } from '../errors.ts'
import { decodeName } from './known-names.ts'

export const WIRE_VARINT = 0
export const WIRE_FIXED64 = 1
export const WIRE_BYTES = 2
export const WIRE_FIXED32 = 5

const MAX_SAFE = Number.MAX_SAFE_INTEGER

export class Reader {
  readonly #bytes: Uint8Array
  readonly #end: number
  /** What it reads, within `#parent`. The whole place is put together when something is wrong. */
  readonly #name: string
  readonly #parent: Reader | undefined
  #at: number
  #tag: number

  constructor(bytes: Uint8Array, start: number, end: number, name: string, parent?: Reader) {
    this.#bytes = bytes
    this.#at = start
    this.#end = end
    this.#name = name
    this.#parent = parent
    this.#tag = 0
  }

  more(): boolean {
    return this.#at < this.#end
  }

  /** The next field's number and wire type, as they are packed on the wire. */
  tag(): number {
    const tag = this.#varint('tag')
    if (tag > 0xffffffff || tag >>> 3 === 0) this.#fail('tag', `invalid field tag ${tag}`)
    this.#tag = tag
    return tag
  }

  /** An unsigned integer up to 2^53 - 1. */
  integer(field: string): number {
    return this.#varint(field)
  }

  bool(field: string): boolean {
    return this.#varint(field) !== 0
  }

  /** A view, not a copy. */
  bytes(field: string): Uint8Array {
    const length = this.#length(field)
    const start = this.#at
    this.#at += length
    return this.#bytes.subarray(start, this.#at)
  }

  string(field: string, maxBytes: number): string {
    const length = this.#length(field)
    if (length > maxBytes) this.#fail(field, `${length} bytes, at most ${maxBytes} are allowed`)
    const start = this.#at
    this.#at += length
    const text = decodeName(this.#bytes, start, this.#at)
    if (text === undefined) this.#fail(field, 'not UTF-8')
    return text
  }

  /** A reader of the message in this field. */
  message(field: string): Reader {
    const length = this.#length(field)
    const start = this.#at
    this.#at += length
    return new Reader(this.#bytes, start, this.#at, field, this)
  }

  /** How far it is in the buffer that it reads from. */
  get at(): number {
    return this.#at
  }

  /** A view of that buffer from `start` to the end of what it reads. */
  from(start: number): Uint8Array {
    return this.#bytes.subarray(start, this.#end)
  }

  /** Skips the value of the field whose tag was read last: one of a newer version. */
  skip(): void {
    switch (this.#tag & 7) {
      case WIRE_VARINT:
        this.#skipVarint()
        return
      case WIRE_FIXED64:
        this.#advance(8)
        return
      case WIRE_BYTES:
        this.#advance(this.#length('unknown field'))
        return
      case WIRE_FIXED32:
        this.#advance(4)
        return
      default:
        this.#fail('tag', `wire type ${this.#tag & 7} is not supported`)
    }
  }

  get place(): string {
    return this.#parent === undefined ? this.#name : `${this.#parent.place}.${this.#name}`
  }

  #length(field: string): number {
    const length = this.#varint(field)
    if (length > this.#end - this.#at) this.#fail(field, `length ${length} goes beyond the end`)
    return length
  }

  #advance(bytes: number): void {
    if (bytes > this.#end - this.#at) this.#fail('unknown field', 'goes beyond the end')
    this.#at += bytes
  }

  #varint(field: string): number {
    const bytes = this.#bytes
    let value = 0
    let factor = 1
    for (let count = 0; count < 10; count++) {
      if (this.#at >= this.#end) this.#fail(field, 'ends within an integer')
      const byte = bytes[this.#at++] as number
      value += (byte & 0x7f) * factor
      if (byte < 0x80) {
        if (value > MAX_SAFE) this.#fail(field, 'above 2^53 - 1')
        return value
      }
      factor *= 128
    }
    return this.#fail(field, 'an integer longer than 10 bytes')
  }

  #skipVarint(): void {
    for (let count = 0; count < 10; count++) {
      if (this.#at >= this.#end) this.#fail('unknown field', 'ends within an integer')
      if ((this.#bytes[this.#at++] as number) < 0x80) return
    }
    this.#fail('unknown field', 'an integer longer than 10 bytes')
  }

  #fail(field: string, message: string): never {
    throw new DecodeError(`${this.place}.${field}`, message)
  }
}
