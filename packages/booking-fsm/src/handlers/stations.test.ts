import { describe, expect, it } from 'vitest'
import { emptyWorld, founding, must, railway, send, station, stations } from '../../test/world.ts'
import type { StationInput } from '../commands.ts'
import { loadState } from '../load.ts'
import { findStation } from '../queries/stations.ts'
import { rowsOf, stateHash } from '../snapshot.ts'

const at = (code: string, changed: Partial<StationInput> = {}) => ({ ...station(code), ...changed })

describe('a station with a group, a time to change and a zone', () => {
  it('shows them, keeps them over a load, and takes new ones', () => {
    const world = railway()
    const member = at('A', { groupCode: 'CITY', changeSeconds: 0, zone: '7' })
    must(send(world, stations([at('CITY'), member])), 'done')
    const shown = { groupCode: 'CITY', changeSeconds: 0, zone: '7' }
    expect(findStation(world.state, 'A')).toMatchObject(shown)
    const loaded = loadState(rowsOf(world.state))
    expect(findStation(loaded, 'A')).toMatchObject(shown)
    expect(stateHash(loaded)).toEqual(stateHash(world.state))
    must(send(world, stations([at('A', { groupCode: 'CITY' })])), 'done')
    const plain = { groupCode: 'CITY', changeSeconds: 300, zone: '' }
    expect(findStation(world.state, 'A')).toMatchObject(plain)
  })

  it('waits for its import, and no change is none', () => {
    const world = railway()
    must(send(world, { type: 'beginImport', source: 'feed' }), 'importBegun')
    const changed = at('A', { changeSeconds: 600 })
    must(send(world, stations([changed], 1)), 'done')
    expect(world.changes.map(({ table }) => table)).toContain('station_changes')
    expect(findStation(world.state, 'A')?.changeSeconds).toBe(300)
    const loaded = loadState(rowsOf(world.state))
    expect(stateHash(loaded)).toEqual(stateHash(world.state))
    must(send(world, { type: 'commitImport', importId: 1 }), 'done')
    expect(findStation(world.state, 'A')?.changeSeconds).toBe(600)
    must(send(world, { type: 'beginImport', source: 'feed' }), 'importBegun')
    must(send(world, stations([changed], 2)), 'done')
    const tables = world.changes.map(({ table }) => table)
    expect(tables.filter((table) => !table.startsWith('audit'))).toEqual(['meta'])
  })

  it('is refused where the group is nowhere or itself, or a field is none', () => {
    const world = railway()
    const refused = (changed: Partial<StationInput>) =>
      send(world, stations([at('B'), at('A', changed)]))
    expect(refused({ groupCode: 'CITY' })).toMatchObject({
      code: 'stationNotFound',
      field: 'stations[1].groupCode',
    })
    for (const [changed, field] of [
      [{ groupCode: 'A' }, 'groupCode'],
      [{ groupCode: 'x'.repeat(65) }, 'groupCode'],
      [{ changeSeconds: -1 }, 'changeSeconds'],
      [{ changeSeconds: 86_401 }, 'changeSeconds'],
      [{ zone: 'x'.repeat(17) }, 'zone'],
    ] as const) {
      const wrong = { code: 'invalidField', field: `stations[1].${field}` }
      expect(refused(changed)).toMatchObject(wrong)
    }
    expect(findStation(world.state, 'A')).toMatchObject({ groupCode: '', zone: '' })
  })

  it('is refused at level 1, where other nodes may not know of it', () => {
    const world = emptyWorld()
    must(send(world, { ...founding, featureLevel: 1 } as typeof founding), 'done')
    must(send(world, stations([at('A'), at('B', { groupCode: '', zone: '' })])), 'done')
    for (const changed of [{ groupCode: 'B' }, { changeSeconds: 60 }, { zone: '1' }]) {
      const reply = send(world, stations([at('A', changed)]))
      expect(reply).toMatchObject({ code: 'featureNotActive', figure: 2 })
    }
  })
})
