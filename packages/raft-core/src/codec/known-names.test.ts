import { expect, test } from 'vitest'
import { decodeName } from './known-names.ts'
import { encodeUtf8 } from './utf8.ts'

const read = (text: string, before = ''): string | undefined => {
  const bytes = encodeUtf8(before + text)
  return decodeName(bytes, encodeUtf8(before).length, bytes.length)
}

test('a name is what its bytes say, however many others were read', () => {
  const names = ['n1', 'n2', 'node-1', '', 'a'.repeat(64), 'a'.repeat(65), 'Zürich', '東京', '\0']
  const many = Array.from({ length: 500 }, (_, i) => `${(i * 7919).toString(36)}-${i % 10}`)
  for (const round of [names, many, names, many]) {
    for (const name of round) expect(read(name)).toBe(name)
  }
})

test('names that share length, first and last character are told apart', () => {
  for (const name of ['axxb', 'ayyb', 'axxb', 'ayyb']) expect(read(name)).toBe(name)
})

test('a text of as many characters as another has bytes is not taken for it', () => {
  expect(read('éa')).toBe('éa')
  expect(read('abc')).toBe('abc')
  expect(decodeName(Uint8Array.of(0xc3, 0xa9, 0x61), 0, 3)).toBe('éa')
})

test('it is read from where it begins', () => {
  expect(read('n1', 'something before ')).toBe('n1')
})

test('what is not UTF-8 is no name, also the second time', () => {
  const bytes = Uint8Array.of(0x61, 0xff, 0x62)
  expect(decodeName(bytes, 0, 3)).toBeUndefined()
  expect(decodeName(bytes, 0, 3)).toBeUndefined()
})
