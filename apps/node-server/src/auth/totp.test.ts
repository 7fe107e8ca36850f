import { describe, expect, it } from 'vitest'
import { newRecoveryCodes, recoveryHash } from './recovery-codes.ts'
import { createSeal } from './seal.ts'
import { base32, codeOf, keyUri, stepOf } from './totp.ts'

/** The secret of RFC 6238, appendix B; its codes have eight digits, of which ours are the last six. */
const secret = Buffer.from('12345678901234567890')

describe('codes by time', () => {
  it.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %i s it is %s, as in RFC 6238', (seconds, code) => {
    expect(codeOf(secret, Math.floor(seconds / 30))).toBe(code)
    expect(stepOf(secret, code, seconds * 1_000)).toBe(Math.floor(seconds / 30))
  })

  it('a device may be half a minute off, and no more', () => {
    const now = 1_234_567_890_000
    const step = Math.floor(now / 30_000)
    const found = [-2, -1, 0, 1, 2].map((by) => stepOf(secret, codeOf(secret, step + by), now))
    expect(found).toEqual([undefined, step - 1, step, step + 1, undefined])
  })

  it('are set up by a secret in base 32, as RFC 4648 has it', () => {
    const written = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar'].map((it) =>
      base32(Buffer.from(it)),
    )
    expect(written).toEqual(['', 'MY', 'MZXQ', 'MZXW6', 'MZXW6YQ', 'MZXW6YTB', 'MZXW6YTBOI'])
    expect(keyUri(secret, 'a b@example.org')).toBe(
      'otpauth://totp/Quorail%3Aa%20b%40example.org?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Quorail&algorithm=SHA1&digits=6&period=30',
    )
  })
})

describe('a sealed secret', () => {
  const [one, two] = ['1'.repeat(64), '2'.repeat(64)]

  it('opens with its key and for what it is about, and for nothing else', () => {
    const sealed = createSeal(one).seal(secret, 'second factor 7')
    expect(createSeal(one).open(sealed, 'second factor 7')).toEqual(secret)
    expect(createSeal(one).open(sealed, 'second factor 8')).toBeUndefined()
    expect(createSeal(two).open(sealed, 'second factor 7')).toBeUndefined()
    const last = sealed.endsWith('A') ? 'B' : 'A'
    expect(createSeal(one).open(sealed.slice(0, -1) + last, 'second factor 7')).toBeUndefined()
    expect(createSeal(one).open('1.', 'second factor 7')).toBeUndefined()
    expect(sealed).not.toContain(secret.toString('base64url'))
  })

  it('opens still when a new key stands before its own', () => {
    const sealed = createSeal(one).seal(secret, 'x')
    const both = createSeal(`${two}\n${one}\n`)
    expect(both.open(sealed, 'x')).toEqual(secret)
    expect(createSeal(two).open(both.seal(secret, 'x'), 'x')).toEqual(secret)
  })

  it('is sealed by no key that is too short, and by none at all', () => {
    expect(() => createSeal('abc')).toThrow('64 hexadecimal digits')
    expect(() => createSeal('\n')).toThrow('no key')
  })
})

it('recovery codes are all different, and count however they are written', () => {
  const codes = newRecoveryCodes()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) {
    expect(code).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/)
    expect(recoveryHash(` ${code.toLowerCase().replaceAll('-', ' ')}`)).toBe(recoveryHash(code))
  }
})
