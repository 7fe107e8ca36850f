import type { Command, RefusalCode, Reply } from '@quorail/booking-fsm'
import { describe, expect, it } from 'vitest'
import { importGtfs } from './import-gtfs.ts'
import { feedFolder } from './testing.ts'

const nowMs = Date.UTC(2026, 2, 16, 8)
const refusal = (code: RefusalCode, figure = 0): Reply => ({
  type: 'refused',
  code,
  seats: [],
  figure,
  field: '',
})

/** A cluster that takes everything, except where `answer` says otherwise. */
function cluster(
  answer: (command: Command, count: number) => Reply | Error | undefined = () => undefined,
) {
  const sent: Command[] = []
  const lines: string[] = []
  const run = (source: string, more: object = {}) =>
    importGtfs({
      source,
      nowMs,
      ...more,
      log: (text) => lines.push(text),
      trainsOnSale: () => Promise.resolve([]),
      send: (command) => {
        sent.push(command)
        const given = answer(command, sent.length)
        if (given instanceof Error) return Promise.reject(given)
        if (given !== undefined) return Promise.resolve(given)
        if (command.type === 'beginImport')
          return Promise.resolve({ type: 'importBegun', importId: 9 })
        if (command.type === 'addTrain') return Promise.resolve({ type: 'trainAdded', trainId: 1 })
        return Promise.resolve({ type: 'done' })
      },
    })
  return { sent, lines, run, types: () => sent.map((command) => command.type) }
}
const oddities = feedFolder('oddities')

describe('importGtfs', () => {
  it('sends everything under the id it was given, and commits last', async () => {
    const { sent, lines, run, types } = cluster()
    expect(await run(oddities)).toMatchObject({ status: 'imported', importId: 9 })
    expect(types().slice(0, 4)).toEqual(['beginImport', 'putStations', 'addTrain', 'addRuns'])
    expect(types().at(-1)).toBe('commitImport')
    for (const command of sent.slice(1)) expect(command).toMatchObject({ importId: 9 })
    expect(lines.join('\n')).toContain('7 stations, 10 trains')
    expect(lines.at(-1)).toBe('Import 9 is on sale.')
  })

  it('sends nothing of a feed that can not be read, or has nothing to sell', async () => {
    const { sent, lines, run } = cluster()
    expect(await run('/no/such/feed')).toMatchObject({ status: 'unreadable' })
    expect(lines.join()).toContain('nothing was imported')
    expect(await run(oddities, { nowMs: Date.UTC(2030, 0, 1) })).toMatchObject({ status: 'empty' })
    expect(sent).toEqual([])
  })

  it('gives up at the first refusal and says which command it was', async () => {
    const { lines, run, types } = cluster((_command, count) =>
      count === 5 ? refusal('invalidField') : undefined,
    )
    expect(await run(oddities)).toMatchObject({
      status: 'refused',
      command: { type: 'addTrain' },
      refusal: { code: 'invalidField' },
    })
    expect(types().slice(-2)).toEqual(['addTrain', 'abortImport'])
    expect(lines.at(-1)).toBe(
      'The cluster refused addTrain: invalidField. Nothing was put on sale.',
    )
  })

  it('leaves out what a cluster of an earlier level does not know of stations, and says so', async () => {
    const { run, sent, lines } = cluster((command) =>
      command.type === 'putStations' && command.stations.some((station) => 'zone' in station)
        ? refusal('featureNotActive', 2)
        : undefined,
    )
    expect(await run(oddities)).toMatchObject({ status: 'imported' })
    const [first, again] = sent.filter((command) => command.type === 'putStations')
    expect(again?.stations.map(({ code }) => code)).toEqual(first?.stations.map(({ code }) => code))
    for (const station of again?.stations ?? []) {
      expect(Object.keys(station)).not.toEqual(expect.arrayContaining(['groupCode']))
      expect(Object.keys(station)).not.toEqual(expect.arrayContaining(['changeSeconds']))
    }
    expect(lines.join('\n')).toContain('no zones, groups and times to change')
  })

  it('does not touch an open import unless told to', async () => {
    const first = cluster((command) =>
      command.type === 'beginImport' ? refusal('importNotOpen', 4) : undefined,
    )
    expect(await first.run(oddities)).toMatchObject({ status: 'refused' })
    expect(first.types()).toEqual(['beginImport'])
    expect(first.lines.join()).toContain('--abort-open-import')

    const second = cluster((_command, count) =>
      count === 1 ? refusal('importNotOpen', 4) : undefined,
    )
    const result = await second.run(oddities, { abortOpenImport: true })
    expect(result).toMatchObject({ status: 'imported' })
    expect(second.sent[1]).toEqual({ type: 'abortImport', importId: 4 })
  })

  it('settles an unknown outcome with an abort', async () => {
    const lost = new Error('no answer')
    const before = cluster((_command, count) => (count === 4 ? lost : undefined))
    await expect(before.run(oddities)).rejects.toThrow('no answer')
    expect(before.types().at(-1)).toBe('abortImport')
    expect(before.lines.at(-1)).toContain('was given up')

    const committed = cluster((command) => {
      if (command.type === 'commitImport') return lost
      return command.type === 'abortImport' ? refusal('importNotOpen') : undefined
    })
    expect(await committed.run(oddities)).toMatchObject({ status: 'imported' })

    const gone = cluster((_command, count) => (count >= 4 ? lost : undefined))
    await expect(gone.run(oddities)).rejects.toThrow('no answer')
    expect(gone.lines.at(-1)).toContain('--abort-open-import')
  })
})
