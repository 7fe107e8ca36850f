import { describe, expect, it } from 'vitest'
import { readRecent, rememberSearch } from './recent'
import { parseSearch, parseSeatQuery, searchHref, seatHref } from './search-params'
import {
  exactMatch,
  explainingAlias,
  fitting,
  reduceCombobox,
  type StationOption,
  startWith,
} from './station-combobox'

describe('the address of a search', () => {
  const query = { from: 'PMR', to: 'VDC', date: '2026-11-23', passengers: 2 }

  it('is read as it was written', () => {
    const params = Object.fromEntries(new URL(searchHref(query), 'http://x').searchParams)
    expect(parseSearch(params)).toEqual(query)
  })

  it('is no search without stations or with a date that does not exist', () => {
    expect(parseSearch({})).toBeUndefined()
    expect(parseSearch({ from: 'A', to: 'B', date: '2026-02-30' })).toBeUndefined()
  })

  it.each(['0', '7', '1.5', 'x', ''])('takes %s passengers for one', (passengers) => {
    expect(parseSearch({ ...query, passengers })?.passengers).toBe(1)
  })

  it('takes the first of a repeated parameter', () => {
    expect(parseSearch({ ...query, passengers: '1', from: ['A', 'B'] })?.from).toBe('A')
  })
})

describe('the address of a seat choice', () => {
  const query = { runId: 77n, from: 1, to: 4, passengers: 3, classCode: '2' }

  it('is read as it was written', () => {
    const url = new URL(seatHref(query), 'http://x')
    expect(parseSeatQuery('77', Object.fromEntries(url.searchParams))).toEqual(query)
  })

  it('is refused with impossible stops or runs', () => {
    expect(parseSeatQuery('77', { from: '4', to: '4' })).toBeUndefined()
    expect(parseSeatQuery('77', { from: '0', to: '121' })).toBeUndefined()
    expect(parseSeatQuery('0', { from: '0', to: '1' })).toBeUndefined()
    expect(parseSeatQuery('x', { from: '0', to: '1' })).toBeUndefined()
  })
})

const options: readonly StationOption[] = [
  { code: 'BRZ', name: 'Brézières', aliases: [] },
  { code: 'VDC', name: 'Valdor Central', aliases: ['Grand Station'] },
]

describe('the station combobox', () => {
  const start = startWith(undefined)

  it('highlights the best match while somebody types, so that Enter takes it', () => {
    const typed = reduceCombobox(start, { type: 'typed', text: 'br' })
    expect(typed).toMatchObject({ open: true, active: 0, chosen: undefined })
    expect(reduceCombobox(typed, { type: 'typed', text: '' })).toMatchObject({ active: -1 })
  })

  it('goes round with the arrows', () => {
    const move = (state: typeof start, by: 1 | -1) =>
      reduceCombobox(state, { type: 'moved', by, count: 2 })
    const first = move(start, 1)
    expect(first).toMatchObject({ open: true, active: 0 })
    expect(move(move(first, 1), 1).active).toBe(0)
    expect(move(start, -1).active).toBe(1)
    expect(reduceCombobox(start, { type: 'moved', by: 1, count: 0 }).active).toBe(-1)
  })

  it('shows the name of what was chosen, and forgets it when the text changes', () => {
    const chosen = reduceCombobox(start, { type: 'chose', station: { code: 'A', name: 'Alpha' } })
    expect(chosen).toMatchObject({ text: 'Alpha', open: false, chosen: { code: 'A' } })
    expect(reduceCombobox(chosen, { type: 'typed', text: 'Alph' }).chosen).toBeUndefined()
  })

  it('understands a name, an alias or a code without a pick, accents or not', () => {
    expect(exactMatch('brezieres', options)?.code).toBe('BRZ')
    expect(exactMatch(' grand station', options)?.code).toBe('VDC')
    expect(exactMatch('vdc', options)?.code).toBe('VDC')
    expect(exactMatch('val', options)).toBeUndefined()
    expect(exactMatch('', options)).toBeUndefined()
  })

  it('says by which alias a station was found', () => {
    expect(explainingAlias('grand', options[1] as StationOption)).toBe('Grand Station')
    expect(explainingAlias('valdor', options[1] as StationOption)).toBeUndefined()
  })

  it('never offers a station of an older list that does not fit the text', () => {
    expect(fitting('brez', options).map(({ code }) => code)).toEqual(['BRZ'])
    expect(fitting('zzz', options)).toEqual([])
  })
})

describe('recent searches', () => {
  const search = (from: string) => ({
    from: { code: from, name: from },
    to: { code: 'Z', name: 'Z' },
  })

  it('keeps the last four, each once, newest first', () => {
    const store = memory()
    for (const from of ['A', 'B', 'C', 'D', 'E', 'B']) rememberSearch(store, search(from))
    expect(readRecent(store).map(({ from }) => from.code)).toEqual(['B', 'E', 'D', 'C'])
  })

  it('survives what others left in the storage', () => {
    expect(readRecent({ getItem: () => 'not json' })).toEqual([])
    expect(readRecent({ getItem: () => '[{"from":{}},null,7]' })).toEqual([])
  })
})

function memory(): Pick<Storage, 'getItem' | 'setItem'> {
  const map = new Map<string, string>()
  return {
    getItem: (key) => map.get(key) ?? null,
    setItem: (key, value) => void map.set(key, value),
  }
}
