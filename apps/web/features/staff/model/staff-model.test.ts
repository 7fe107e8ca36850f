import type { DescribedError } from '@quorail/cluster-client'
import { describe, expect, it } from 'vitest'
import { fieldError } from './field-errors'
import { newStop, seatsOf, wireStops } from './train-draft'
import { everyDay, hasDay, toggleDay } from './weekdays'

const at = (field: string): DescribedError => ({
  code: 'INVALID_FIELD',
  sentence: 'Too early.',
  nextStep: '',
  outcome: 'notDone',
  field,
  retryable: false,
  seats: [],
  figure: 0,
})

describe('errors at their fields', () => {
  it('finds a field in either spelling', () => {
    expect(fieldError(at('stops[1].stationCode'), 'stops[1].station_code')).toBe('Too early.')
    expect(fieldError(at('stops[1].arrival'), 'stops[2].arrival')).toBeUndefined()
    expect(fieldError(at(''), '')).toBeUndefined()
    expect(fieldError(undefined, 'number')).toBeUndefined()
  })
})

describe('a train being written', () => {
  it('gives the ends of the line their missing time', () => {
    const [first, last] = [newStop(), newStop()]
    const stops = wireStops([
      { ...first, departure: '08:00', station: { code: 'A', name: 'A' } },
      { ...last, arrival: '09:00', station: { code: 'B', name: 'B' } },
    ])
    expect(stops).toMatchObject([
      { stationCode: 'A', arrival: '08:00', departure: '08:00' },
      { stationCode: 'B', arrival: '09:00', departure: '09:00' },
    ])
  })

  it('counts seats without the aisle', () => {
    expect(seatsOf({ rows: 20, columns: 'AB-CD' })).toBe(80)
  })

  it('has Monday as the first bit', () => {
    expect(hasDay(everyDay, 6)).toBe(true)
    expect(toggleDay(everyDay, 0)).toBe(0b111_1110)
  })
})
