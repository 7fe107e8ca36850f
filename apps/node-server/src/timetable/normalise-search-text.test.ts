import { describe, expect, it } from 'vitest'
import { normaliseSearchText, searchTermsOf } from './normalise-search-text.ts'

describe('normaliseSearchText', () => {
  it.each([
    ['Brézières', 'brezieres'],
    ['  Zürich   HB ', 'zurich hb'],
    ['Łódź Fabryczna', 'lodz fabryczna'],
    ['Straße', 'strasse'],
    ["'s-Hertogenbosch", 's hertogenbosch'],
    ['Køge / Roskilde', 'koge roskilde'],
    ['ＦＵＬＬ', 'full'],
    ['İstanbul', 'istanbul'],
    ['Москва', 'москва'],
    ['東京', '東京'],
    ['---', ''],
  ])('%s becomes %s', (text, expected) => {
    expect(normaliseSearchText(text)).toBe(expected)
  })

  it('gives the same for composed and decomposed spellings, and is stable', () => {
    const composed = normaliseSearchText('Brézières')
    expect(normaliseSearchText('Brézières'.normalize('NFD'))).toBe(composed)
    expect(normaliseSearchText(composed)).toBe(composed)
  })

  it('lists each search term once and no empty one', () => {
    expect(searchTermsOf(['Brézières', 'BREZIERES', '?', 'BRZ'])).toEqual(['brezieres', 'brz'])
  })
})
