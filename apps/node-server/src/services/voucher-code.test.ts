import { expect, test } from 'vitest'
import { makeVoucherCode, voucherHash } from './voucher-code.ts'

test('a code is known again however it is typed, and no slip goes unseen', () => {
  const code = makeVoucherCode()
  const hash = voucherHash(code)
  expect(hash).toMatch(/^[0-9a-f]{64}$/)
  expect(voucherHash(code.toLowerCase().replaceAll('-', ' '))).toBe(hash)
  const plain = code.replaceAll('-', '')
  for (let at = 0; at < plain.length; at++) {
    const other = plain[at] === '7' ? '8' : '7'
    expect(voucherHash(plain.slice(0, at) + other + plain.slice(at + 1))).toBeUndefined()
    const swapped = plain.slice(0, at) + plain[at + 1] + plain[at] + plain.slice(at + 2)
    const differs = at + 1 < plain.length - 1 && plain[at] !== plain[at + 1]
    if (differs) expect(voucherHash(swapped)).toBeUndefined()
  }
  for (const wrong of ['', plain.slice(1), `${plain}7`, plain.replace(/.$/, '0')]) {
    expect(voucherHash(wrong)).toBeUndefined()
  }
})
