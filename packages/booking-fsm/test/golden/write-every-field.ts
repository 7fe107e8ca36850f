/** A program: `node test/golden/write-every-field.ts LOG` writes the story down as a log that is not there yet. The slow model follows. */
import { existsSync, writeFileSync } from 'node:fs'
import {
  applyEntry,
  type Command,
  type Entry,
  loadState,
  rowsOf,
  stateHash,
} from '../../src/index.ts'
import { Duel } from '../model/duel.ts'
import { MONDAY } from '../world.ts'
import { everyField } from './every-field.ts'
import { answerOf, fileOf, lineOf } from './log.ts'

const HASH_EVERY = 20

const [name = 'level-2-p.jsonl'] = process.argv.slice(2)
if (existsSync(fileOf(name))) throw new Error(`${name} is recorded, and is never changed`)
const duel = new Duel()
const lines: string[] = []
let nowMs = MONDAY

everyField(
  (command, actor, atMs) => {
    nowMs = atMs ?? nowMs
    // As it will be read: a field that is absent and one that is undefined are the same.
    const { entry } = JSON.parse(JSON.stringify({ entry: next(command, actor ?? 0) })) as {
      entry: Entry
    }
    const reply = duel.apply({ ...entry, key: undefined })
    if (reply.type === 'refused') throw new Error(JSON.stringify([command, reply]))
    const hash = lines.length % HASH_EVERY === HASH_EVERY - 1 ? stateHash(duel.state) : ''
    lines.push(lineOf({ entry, answer: answerOf(reply), hash }))
    return reply
  },
  (command, actor) => applyEntry(loadState(rowsOf(duel.state)), next(command, actor)).reply,
)
duel.reload()
const [entry, answer] = JSON.parse(lines.pop() ?? '') as [Entry, string]
lines.push(lineOf({ entry, answer, hash: stateHash(duel.state) }))
writeFileSync(fileOf(name), `${lines.join('\n')}\n`)
console.log(`${name}: ${lines.length} entries`)

function next(command: Command, actor: number): Entry {
  return { index: duel.world.index + 1, timestampMs: nowMs, actor, key: undefined, command }
}
