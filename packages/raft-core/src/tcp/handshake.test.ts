import { expect, it } from 'vitest'
import { putU32 } from '../wal/bytes.ts'
import { crc32c } from '../wal/crc32c.ts'
import { encodeAnswer, encodeHello, readAnswer, readHello } from './handshake.ts'

const self = { id: 'nöde-1', clusterId: 'ab'.repeat(16), incarnation: '01'.repeat(16) }

it('a hello is read as it was written, with what follows it left over', () => {
  const bytes = Uint8Array.from([...encodeHello(self, 'n2'), 9, 8])
  const message = { type: 'hello', ...self, to: 'n2', lane: 'normal' }
  expect(readHello(bytes)).toMatchObject({ type: 'read', message, version: 2 })
  const read = readHello(bytes)
  expect(read.type === 'read' && [...read.rest]).toEqual([9, 8])
  const untold = readHello(encodeHello({ ...self, incarnation: undefined }, 'n2'))
  expect(untold).toMatchObject({ message: { incarnation: undefined } })
})

it('an answer is read as it was written', () => {
  const message = { type: 'answer', ...self, verdict: 'otherCluster', version: 1 }
  const read = readAnswer(encodeAnswer(self, 'otherCluster', 1))
  expect(read).toMatchObject({ type: 'read', message })
})

it('any beginning of a handshake asks for more', () => {
  const bytes = encodeHello(self, 'n2')
  for (let length = 0; length < bytes.length; length++) {
    expect(readHello(bytes.subarray(0, length))).toEqual({ type: 'more' })
  }
})

it('a hello of version 1 ends with the names: it has no lane', () => {
  const later = encodeHello(self, 'n2', 'bulk', 1, 1)
  const length = later.length - 1
  const hello = later.slice(0, length)
  hello[6] = (hello[6] as number) - 1
  putU32(hello, length - 4, crc32c(hello, 0, 0, length - 4))
  const read = readHello(hello)
  expect(read).toMatchObject({ type: 'read', message: { to: 'n2', lane: 'normal' }, version: 1 })
})

it('a later version is spoken with in an old one if it still knows it, else refused', () => {
  expect(readHello(encodeHello(self, 'n2', 'normal', 1, 9))).toMatchObject({
    type: 'read',
    version: 2,
  })
  expect(readHello(encodeHello(self, 'n2', 'normal', 3, 9))).toEqual({
    type: 'refused',
    reason: 'unknownVersion',
    detail: 'it speaks versions 3 to 9, this 1 to 2',
  })
  expect(readHello(encodeHello(self, 'n2', 'normal', 0, 0))).toMatchObject({
    reason: 'unknownVersion',
  })
})

it('what is not this protocol, too long, damaged or cut is refused', () => {
  const malformed = { type: 'refused', reason: 'malformed' }
  const http = Uint8Array.from('GET / HTTP/1.1', (c) => c.charCodeAt(0))
  expect(readHello(http)).toMatchObject(malformed)
  expect(readHello(http.subarray(0, 1))).toMatchObject(malformed)
  const long = encodeHello(self, 'n2')
  long[7] = 255
  expect(readHello(long)).toMatchObject({ ...malformed, detail: '65324 bytes of handshake' })
  const good = encodeHello(self, 'n2')
  for (let at = 8; at < good.length; at++) {
    const damaged = good.slice()
    damaged[at] = (damaged[at] as number) ^ 16
    expect(readHello(damaged)).toMatchObject(malformed)
  }
  // The checksum is right, the length of the last name is not.
  const cut = good.slice()
  cut[cut.length - 8] = 200
  putU32(cut, cut.length - 4, crc32c(cut, 0, 0, cut.length - 4))
  expect(readHello(cut)).toMatchObject({ ...malformed, detail: 'a handshake that can not be read' })
})
