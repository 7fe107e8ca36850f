import { expect, test } from 'vitest'
import { Random } from '../random.ts'
import type { LooseWrite } from './journal.ts'
import { fileLosses, lose, undo } from './lose.ts'

/** A file and what was written to it since its last sync, with what each write replaced. */
function written(seed: number) {
  const random = new Random(seed, 'file')
  const durable = Buffer.alloc(random.between(0, 5_000), 0xaa)
  let now = durable
  const writes: LooseWrite[] = []
  for (let left = random.between(1, 8); left > 0; left--) {
    const sizeBefore = now.length
    if (random.chance(0.2)) {
      const offset = random.between(0, 6_000)
      writes.push({ kind: 'truncate', offset, length: 0, sizeBefore, before: now.subarray(offset) })
      const cut = Buffer.alloc(offset)
      now.copy(cut)
      now = cut
      continue
    }
    const offset = random.between(0, 6_000)
    const length = random.between(1, 2_000)
    const before = now.subarray(offset, offset + length)
    writes.push({ kind: 'write', offset, length, sizeBefore, before })
    const larger = Buffer.alloc(Math.max(now.length, offset + length))
    now.copy(larger)
    larger.fill(random.between(1, 100), offset, offset + length)
    now = larger
  }
  return { durable, now, writes, random }
}

const seeds = Array.from({ length: 200 }, (_none, at) => at + 1)

test('taking back every write gives what was durable', () => {
  for (const seed of seeds) {
    const { durable, now, writes } = written(seed)
    expect(undo(now, writes).equals(durable)).toBe(true)
  }
})

test('what is left is between what was durable and what was written', () => {
  for (const seed of seeds) {
    const { durable, now, writes, random } = written(seed)
    for (const loss of fileLosses) {
      const { content, bytesDropped } = lose(now, writes, loss, random)
      if (loss === 'all lost') expect(content.equals(durable)).toBe(true)
      if (loss === 'all kept') expect(content.equals(now)).toBe(true)
      expect(content.equals(now)).toBe(bytesDropped === 0)
      const touched = (at: number): boolean =>
        writes.some(({ kind, offset, length }) =>
          kind === 'write' ? at >= offset && at < offset + length : true,
        )
      for (let at = 0; at < Math.min(content.length, durable.length); at += 97) {
        if (!touched(at)) expect(content[at]).toBe(durable[at])
      }
    }
  }
})

test('sectors are torn: some old, some new', () => {
  const torn = seeds.filter((seed) => {
    const { now, writes, random } = written(seed)
    return lose(now, writes, 'sectors', random).torn
  })
  expect(torn.length).toBeGreaterThan(50)
})
