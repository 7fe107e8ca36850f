import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePnr, encodePnr, isPnr, PNR_COUNT } from './pnr.ts'

const key = [0xdeadbeef, 1, 2, 0x12345678]
const ids = fc.integer({ min: 0, max: PNR_COUNT - 1 })
const alphabet = [...'23456789ABCDEFGHJKMNPQRSTUVWXYZ']

describe('a PNR', () => {
  it('is seven characters that nobody confuses, and leads back to its booking', () => {
    fc.assert(
      fc.property(ids, (id) => {
        const pnr = encodePnr(key, id)
        expect(pnr).toMatch(/^[2-9A-HJKMNP-Z]{7}$/)
        expect(decodePnr(key, pnr)).toBe(id)
      }),
    )
    expect(decodePnr(key, encodePnr(key, PNR_COUNT - 1))).toBe(PNR_COUNT - 1)
  })

  it('is never given twice, and neighbours have nothing in common', () => {
    const all = Array.from({ length: 20_000 }, (_, id) => encodePnr(key, id))
    expect(new Set(all).size).toBe(all.length)
    const firsts = new Map<string, number>()
    for (const pnr of all) firsts.set(pnr.slice(0, 1), (firsts.get(pnr.slice(0, 1)) ?? 0) + 1)
    expect(firsts.size).toBe(31)
    for (const count of firsts.values())
      expect(Math.abs(count / 20_000 - 1 / 31)).toBeLessThan(0.01)
    expect(encodePnr([1, 2, 3, 4], 7)).not.toBe(encodePnr([1, 2, 3, 5], 7))
  })

  it('finds one wrong character, and two neighbours swapped', () => {
    fc.assert(
      fc.property(ids, fc.nat(6), fc.constantFrom(...alphabet), (id, at, wrong) => {
        const pnr = encodePnr(key, id)
        const changed = pnr.slice(0, at) + wrong + pnr.slice(at + 1)
        expect(isPnr(changed)).toBe(changed === pnr)
        const swapped = pnr.slice(0, at) + pnr.charAt(at + 1) + pnr.charAt(at) + pnr.slice(at + 2)
        if (at < 5) expect(isPnr(swapped)).toBe(swapped === pnr)
      }),
    )
  })

  it('is nothing else', () => {
    for (const text of ['', 'ABCDEF', 'ABCDEFGH', '0000000', 'abcdefg']) {
      expect(isPnr(text)).toBe(false)
      expect(decodePnr(key, text)).toBeUndefined()
    }
  })
})
