import { expect, test } from 'vitest'
import { checkCard } from './card-check.ts'
import { passesLuhn, testCards } from './cards.ts'

const now = new Date('2026-11-22T12:00:00Z')
const card = (number: string, expiry = '12/30') => ({ number, expiry, cvc: '123', name: 'Ada' })

test('every test card has a sound check digit, and no two are alike', () => {
  const numbers = testCards.map(({ number }) => number.replaceAll(' ', ''))
  expect(numbers.every(passesLuhn)).toBe(true)
  expect(new Set(numbers).size).toBe(numbers.length)
})

test('numbers are taken with spaces, with hyphens and without', () => {
  for (const number of ['4242 4242 4242 4242', '4242-4242-4242-4242', '4242424242424242']) {
    expect(checkCard(card(number), now).behaviour).toBe('approve')
  }
})

test('a card is good to the end of its month', () => {
  expect(checkCard(card('4242424242424242', '11/26'), now).behaviour).toBe('approve')
  expect(checkCard(card('4242424242424242', '11/2026'), now).behaviour).toBe('approve')
  expect(() => checkCard(card('4242424242424242', '10/26'), now)).toThrow('Please check the card')
})
