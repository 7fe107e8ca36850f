import { expect, it } from 'vitest'
import { must, railway, send, station, stations } from '../../test/world.ts'
import { findStation, getStation, searchStations } from './stations.ts'

it('searchStations finds beginnings of words first, then what is inside, each by name', () => {
  const world = railway()
  const named = (code: string, name: string, ...terms: string[]) => ({
    ...station(code, name),
    searchTerms: [name.toLowerCase(), ...terms],
  })
  const list = [
    named('1', 'Zell am Main'),
    named('2', 'Mainz'),
    named('3', 'Frankfurt', 'frankfurt (main)'),
    named('4', 'Domain'),
  ]
  must(send(world, stations(list)), 'done')
  const names = (text: string, limit = 9) =>
    searchStations(world.state, text, limit).map(({ name }) => name)
  expect(names('main')).toEqual(['Frankfurt', 'Mainz', 'Zell am Main', 'Domain'])
  expect(names('main', 2)).toEqual(['Frankfurt', 'Mainz'])
  expect(names('zell am')).toEqual(['Zell am Main'])
  expect(names('frankfurt\nfrankfurt')).toEqual([])
  expect(names('', 3)).toEqual(['A', 'B', 'C'])
  expect(names('nowhere')).toEqual([])
})

it('a station is found by code and id', () => {
  const { state } = railway()
  const found = findStation(state, 'C')
  expect(found).toMatchObject({ code: 'C', name: 'C', timeZone: 'UTC' })
  expect(getStation(state, found?.stationId ?? 0)).toEqual(found)
  expect(getStation(state, 99)).toBeUndefined()
  expect(findStation(state, 'Z')).toBeUndefined()
})

it('searchStations forgives slips where nothing else is found, fewer first, in any script', () => {
  const world = railway()
  const named = (code: string, name: string, ...terms: string[]) => ({
    ...station(code, name),
    searchTerms: [name.toLowerCase(), ...terms],
  })
  const list = [
    named('1', 'Wien Hauptbahnhof', 'vienna main'),
    named('2', 'Wiesbaden'),
    named('3', 'Киев', 'kyiv'),
    named('4', '東京', 'tokyo'),
    named('5', 'Wiesbaben'),
  ]
  must(send(world, stations(list)), 'done')
  const names = (text: string) => searchStations(world.state, text, 9).map(({ name }) => name)
  expect(names('wiesbaden')).toEqual(['Wiesbaden'])
  expect(names('weisbaben')).toEqual(['Wiesbaben', 'Wiesbaden'])
  expect(names('hauptbanhof')).toEqual(['Wien Hauptbahnhof'])
  expect(names('viena')).toEqual(['Wien Hauptbahnhof'])
  expect(names('toyko')).toEqual(['東京'])
  expect(names('киёв')).toEqual(['Киев'])
  expect(names('東京')).toEqual(['東京'])
  expect(names('wxx')).toEqual([])
  expect(names('wxyzbaden')).toEqual([])
  // A line's end is a border, and no letter to be slipped over.
  expect(names('hauptbahnhofvienna')).toEqual([])
})
