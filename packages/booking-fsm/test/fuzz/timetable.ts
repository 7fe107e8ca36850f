/** Stations, trains, runs and imports: what may be asked of them. */
import type { Command } from '../../src/commands.ts'
import { type Railway, runs, stopsAt, train } from '../world.ts'
import { special } from './seats.ts'

export function timetableCommands({ state }: Railway, draw: () => number): readonly Command[] {
  const { meta } = state
  const importId = draw() % 3 === 0 ? 1 + (draw() % meta.nextImportId) : undefined
  const codes = ['A', 'B', 'C', 'D', 'E', 'Z']
  const code = () => codes[draw() % codes.length] as string
  const station = {
    code: code(),
    name: 'Name',
    aliases: ['Alias'],
    searchTerms: ['name'],
    latitudeE6: 1,
    longitudeE6: 1,
    timeZone: 'UTC',
    groupCode: draw() % 3 === 0 ? code() : undefined,
    changeSeconds: draw() % 3 === 0 ? draw() % 900 : undefined,
    zone: draw() % 3 === 0 ? '1' : undefined,
  }
  const exceptions = { addedDates: [20261201, 20261202], removedDates: [20261203] }
  const calendar = {
    weekdays: 127,
    fromDate: 20261101,
    toDate: 20261231,
    timeZone: 'UTC',
    exceptions: draw() % 2 === 0 ? exceptions : undefined,
  }
  return [
    { type: 'putStations', importId, stations: [station] },
    train('T', {
      importId,
      calendar,
      stops: stopsAt(...new Set([code(), code(), 'A', 'B'])),
      coaches: draw() % 2 === 0 ? special : train('T').coaches,
    }),
    {
      ...(runs(draw() % 4, draw() % 5) as object),
      importId,
      trainNumber: 'T',
      byCalendar: draw() % 2 === 0,
    } as Command,
    {
      type: 'setCalendar',
      trainId: 1 + (draw() % meta.nextTrainId),
      calendar: { ...calendar, weekdays: draw() % 128, fromDate: 20261123 + (draw() % 8) },
      reason: 'other',
    },
    { type: 'beginImport', source: 'feed' },
    { type: 'commitImport', importId: 1 + (draw() % meta.nextImportId) },
    { type: 'abortImport', importId: 1 + (draw() % meta.nextImportId) },
  ]
}
