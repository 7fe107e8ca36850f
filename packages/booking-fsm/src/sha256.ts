/**
 * SHA-256 (FIPS 180-4), in plain arithmetic: the package has no host to ask, and every node must find
 * the same digest. For chains and draws; not for passwords.
 */
import { hexOf } from './hex.ts'

/** The digest of the bytes: 32 bytes. */
export function sha256(message: Uint8Array): Uint8Array {
  reserve(message.length)
  bytes.set(message)
  digest(message.length)
  return Uint8Array.from({ length: 32 }, (_, at) => byteOf(at))
}

/** The digest of the bytes as 64 hexadecimal digits, lower case. */
export function sha256Hex(message: Uint8Array): string {
  return toHex(sha256(message))
}

/** That of the text as UTF-8, quickly: for what is done with nearly every entry. */
export function sha256Text(text: string): string {
  digest(utf8(text))
  let hex = ''
  for (let i = 0; i < 8; i++) hex += hexOf(state[i] as number)
  return hex
}

/** Two hexadecimal digits for each byte, lower case. */
export function toHex(message: Uint8Array): string {
  let text = ''
  for (const byte of message) text += (byte < 16 ? '0' : '') + byte.toString(16)
  return text
}

// Kept between calls: one message is hashed at a time.
let bytes = new Uint8Array(1_024)
// Signed words: those need no object of their own anywhere.
const words = new Int32Array(64)
const state = new Int32Array(8)

/** Of the first bytes of `bytes`, into `state`. */
function digest(length: number): void {
  pad(length)
  state.set(INITIAL)
  const blocks = (length + 9 + 63) >>> 6
  for (let block = 0; block < blocks; block++) compress(block * 64)
}

function byteOf(at: number): number {
  return ((state[at >>> 2] as number) >>> (24 - (at & 3) * 8)) & 255
}

/** Room for a message and its padding. */
function reserve(length: number): void {
  if (bytes.length < length + 128) bytes = new Uint8Array((length + 128) * 2)
}

/** Writes the text into `bytes`; gives its length there. Half of a surrogate pair is U+FFFD. */
function utf8(text: string): number {
  // Three bytes for each unit at most.
  reserve(text.length * 3)
  let at = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) bytes[at++] = unit
    else {
      const point = text.codePointAt(i) as number
      if (point > 0xffff) i++
      at = encode(point >= 0xd800 && point <= 0xdfff ? 0xfffd : point, at)
    }
  }
  return at
}

/** A code point above U+007F. */
function encode(point: number, start: number): number {
  let at = start
  if (point < 0x800) bytes[at++] = 0xc0 | (point >>> 6)
  else {
    if (point < 0x1_0000) bytes[at++] = 0xe0 | (point >>> 12)
    else {
      bytes[at++] = 0xf0 | (point >>> 18)
      bytes[at++] = 0x80 | ((point >>> 12) & 63)
    }
    bytes[at++] = 0x80 | ((point >>> 6) & 63)
  }
  bytes[at++] = 0x80 | (point & 63)
  return at
}

/** A one bit, zeros, and the length in bits, up to a whole block. */
function pad(length: number): void {
  const end = ((length + 9 + 63) >>> 6) * 64
  bytes.fill(0, length, end)
  bytes[length] = 0x80
  const bits = length * 8
  const high = Math.floor(bits / 0x1_0000_0000)
  for (let i = 0; i < 4; i++) {
    bytes[end - 1 - i] = bits >>> (i * 8)
    bytes[end - 5 - i] = high >>> (i * 8)
  }
}

function compress(start: number): void {
  schedule(start)
  let a = state[0] as number
  let b = state[1] as number
  let c = state[2] as number
  let d = state[3] as number
  let e = state[4] as number
  let f = state[5] as number
  let g = state[6] as number
  let h = state[7] as number
  for (let i = 0; i < 64; i++) {
    const mixE = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
    const choice = (e & f) ^ (~e & g)
    const first = (h + mixE + choice + (CONSTANTS[i] as number) + (words[i] as number)) | 0
    const mixA = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
    const majority = (a & b) ^ (a & c) ^ (b & c)
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + mixA + majority) | 0
  }
  add(0, a)
  add(1, b)
  add(2, c)
  add(3, d)
  add(4, e)
  add(5, f)
  add(6, g)
  add(7, h)
}

/** The 64 words of the block that begins at the byte. */
function schedule(start: number): void {
  for (let i = 0; i < 16; i++) {
    const at = start + i * 4
    words[i] =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
  }
  for (let i = 16; i < 64; i++) {
    const near = words[i - 2] as number
    const far = words[i - 15] as number
    const nearMixed = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10)
    const farMixed = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3)
    words[i] = (words[i - 16] as number) + farMixed + (words[i - 7] as number) + nearMixed
  }
}

function add(at: number, word: number): void {
  state[at] = (state[at] as number) + word
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by))
}

/** The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
const INITIAL = new Int32Array([
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
])

/** The first 32 bits of the fractional parts of the cube roots of the first 64 primes. */
const CONSTANTS = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
  0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
  0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
  0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
  0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
  0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
  0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
  0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
])
