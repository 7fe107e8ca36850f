/** A program: `node test/golden/write-calendars.ts` writes down a log of calendars that change. The slow model follows. */
import { existsSync, writeFileSync } from 'node:fs'
import { type Command, type Entry, type Reply, stateHash } from '../../src/index.ts'
import { Duel } from '../model/duel.ts'
import {
  DAY,
  fares,
  founding,
  hold,
  MONDAY,
  refunds,
  runs,
  station,
  stations,
  train,
} from '../world.ts'
import { answerOf, fileOf, lineOf } from './log.ts'

const name = 'level-3-calendars.jsonl'
if (existsSync(fileOf(name))) throw new Error(`${name} is recorded, and is never changed`)
const duel = new Duel()
const lines: string[] = []

const calendar = { weekdays: 31, fromDate: 20261123, toDate: 20261231, timeZone: 'UTC' }
const exceptions = { addedDates: [20261128], removedDates: [20261126] }
const byCalendar = { ...(runs(1, 1, 2, 3, 4, 5) as Extract<Command, { type: 'addRuns' }>) }

tell({ ...founding, featureLevel: undefined } as Command)
tell({ type: 'raiseFeatureLevel', level: 3 })
for (const command of [fares, refunds]) tell(command)
tell(stations(['A', 'B', 'C', 'D', 'E'].map((code) => station(code))))
tell(train('IC 1', { calendar }))
tell({ ...byCalendar, byCalendar: true })
tell({
  type: 'registerAccount',
  email: 'a@b.example',
  displayName: 'A',
  passwordHash: 'h',
  role: 'passenger',
})
tell(hold(1), 1)
tell(hold(2), 1)
tell({ type: 'releaseHold', bookingId: 2 }, 1)
// One is held, one was; one has nobody, and one is a day that comes to it.
tell({
  type: 'setCalendar',
  trainId: 1,
  calendar: { ...calendar, weekdays: 16, exceptions },
  reason: 'other',
})
tell({ ...byCalendar, byCalendar: true })
tell({
  type: 'setCalendar',
  trainId: 1,
  calendar: { ...calendar, fromDate: 20261127 },
  reason: 'strike',
})
tell(runs(1, 3), 0, MONDAY + DAY)
duel.reload()
const [entry, answer] = JSON.parse(lines.pop() ?? '') as [Entry, string]
lines.push(lineOf({ entry, answer, hash: stateHash(duel.state) }))
writeFileSync(fileOf(name), `${lines.join('\n')}\n`)
console.log(`${name}: ${lines.length} entries`)

function tell(command: Command, actor = 0, timestampMs = MONDAY): Reply {
  const asked = { index: duel.world.index + 1, timestampMs, actor, command }
  // As it will be read: a field that is absent and one that is undefined are the same.
  const { entry } = JSON.parse(JSON.stringify({ entry: asked })) as { entry: Entry }
  const reply = duel.apply({ ...entry, key: undefined })
  if (reply.type === 'refused') throw new Error(JSON.stringify([command, reply]))
  lines.push(lineOf({ entry, answer: answerOf(reply), hash: stateHash(duel.state) }))
  return reply
}
