import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { sha256, sha256Hex, toHex } from './sha256.ts'

const encoder = new TextEncoder()

test('the vectors of NIST', () => {
  const vectors: readonly (readonly [string, string])[] = [
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
    [
      'abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu',
      'cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1',
    ],
  ]
  for (const [message, digest] of vectors) expect(sha256Hex(encoder.encode(message))).toBe(digest)
  expect(sha256Hex(new Uint8Array(1_000_000).fill(0x61))).toBe(
    'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  )
})

test('every length around the blocks is as the host has it', () => {
  for (let length = 0; length < 300; length++) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 131 + length) % 256)
    const digest = createHash('sha256').update(bytes).digest()
    expect(sha256(bytes)).toEqual(new Uint8Array(digest))
    expect(toHex(sha256(bytes))).toBe(digest.toString('hex'))
  }
})
