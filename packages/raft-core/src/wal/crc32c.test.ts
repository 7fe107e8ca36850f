import fc from 'fast-check'
import { expect, it } from 'vitest'
import { crc32c } from './crc32c.ts'

const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0))

// RFC 3720, appendix B.4; the last is the check value of the CRC catalogue.
it.each([
  ['nothing', new Uint8Array(0), 0],
  ['32 zeros', new Uint8Array(32), 0x8a9136aa],
  ['32 bytes of ones', new Uint8Array(32).fill(0xff), 0x62a8ab43],
  ['0 to 31', Uint8Array.from({ length: 32 }, (_, i) => i), 0x46dd794e],
  ['31 to 0', Uint8Array.from({ length: 32 }, (_, i) => 31 - i), 0x113fdb5c],
  ['123456789', ascii('123456789'), 0xe3069283],
])('the checksum of %s is the published one', (_name, bytes, expected) => {
  expect(crc32c(bytes)).toBe(expected)
})

it('may be computed in parts, at any offset, and agrees with the bitwise definition', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
      const at = Math.min(cut, bytes.length)
      const whole = crc32c(bytes)
      expect(crc32c(bytes.subarray(at), crc32c(bytes.subarray(0, at)))).toBe(whole)
      expect(crc32c(bytes, crc32c(bytes, 0, 0, at), at)).toBe(whole)
      expect(bitwise(bytes)).toBe(whole)
    }),
  )
})

function bitwise(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return ~crc >>> 0
}
