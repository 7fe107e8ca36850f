/**
 * One spelling for searching: lower case, no accents, letters and digits separated by single spaces.
 * Used at the door for the search terms of stations and for what people type, so that both meet.
 */
const withoutDecomposition: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['œ', 'oe'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ł', 'l'],
  ['ħ', 'h'],
  ['ı', 'i'],
])

export function normaliseSearchText(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[ßæœøđðþłħı]/g, (letter) => withoutDecomposition.get(letter) ?? letter)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** The search terms of a station: its name, aliases and code, each once, in this order. */
export function searchTermsOf(spellings: readonly string[]): string[] {
  return [...new Set(spellings.map(normaliseSearchText))].filter((term) => term !== '')
}
