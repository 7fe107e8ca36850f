import { describe, expect, it } from 'vitest'
import { checkCard, writeCardNumber, writeExpiry } from './card'

describe('a card as it is typed', () => {
  it('gets its groups of four', () => {
    expect(writeCardNumber('42424242 4242-4242')).toBe('4242 4242 4242 4242')
    expect(writeCardNumber('42424')).toBe('4242 4')
    expect(writeCardNumber('4242')).toBe('4242')
  })

  it('gets the slash of its expiry, and can be deleted again', () => {
    expect(writeExpiry('1')).toBe('1')
    expect(writeExpiry('1229')).toBe('12/29')
    expect(writeExpiry('12/39')).toBe('12/39')
    expect(writeExpiry('12/')).toBe('12/')
    expect(writeExpiry('12')).toBe('12')
  })

  it('is looked at before anybody is asked', () => {
    const good = { number: '4242 4242 4242 4242', expiry: '12/39', cvc: '123', name: 'Ada' }
    expect(checkCard(good)).toEqual({})
    expect(Object.keys(checkCard({ number: '4', expiry: '13/29', cvc: '1', name: ' ' }))).toEqual([
      'number',
      'expiry',
      'cvc',
      'name',
    ])
  })
})
