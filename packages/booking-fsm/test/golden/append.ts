/**
 * A program: appends entries to a golden log, `node test/golden/append.ts LEVEL [ENTRIES [LUCK [PART]]]`, until every
 * command of the level has been done in one of its logs and at least so many are new. A PART is a log of its own beside
 * the level's first: another railway, where other things happen. What is in the log already must
 * still give what is written there: it is never changed. The slow model follows each step. Another LUCK
 * draws others, where something is missing or it takes too many.
 */
import { appendFileSync, existsSync } from 'node:fs'
import fc from 'fast-check'
import { commandTypes, levelOf } from '../../src/dispatch.ts'
import {
  applyEntry,
  type Command,
  type Entry,
  loadState,
  rowsOf,
  stateHash,
} from '../../src/index.ts'
import { Duel } from '../model/duel.ts'
import { entryFor, type Sent, step } from '../model/history.ts'
import { preludeCommands, startMs } from '../model/prelude.ts'
import { answerOf, fileOf, goldenLogs, type Line, lineOf, readLog } from './log.ts'
import { type ByPerson, openSecured, withSecondFactor } from './second-factor.ts'

const HASH_EVERY = 20
const MOST = 4_000
/** Without these there is nothing to do anything with. */
const USEFUL: readonly string[] = ['addRuns', 'holdSeats', 'startPayment', 'recordOutcome']
/** Nearly nobody is left when it is done often. */
const ONCE: readonly string[] = ['deleteAccount']
/** What needs several things at once, done by the cluster for an account of its own. */
const BY_HAND: Readonly<Record<string, (accountId: number) => readonly (Command | ByPerson)[]>> = {
  closeSession: (accountId) => [
    { type: 'openSession', accountId, tokenHash, ttlMs: 60_000 },
    { type: 'closeSession', tokenHash },
  ],
  resetPassword: (accountId) => [
    { type: 'requestPasswordReset', accountId },
    { type: 'grantPasswordReset', accountId, tokenHash, ttlMs: 60_000 },
    { type: 'resetPassword', accountId, tokenHash, passwordHash: 'scrypt$2' },
  ],
  openSecuredSession: (accountId) => withSecondFactor(accountId, openSecured(accountId)),
  disableSecondFactor: (accountId) =>
    withSecondFactor(accountId, {
      actor: accountId,
      command: { type: 'disableSecondFactor', step: 2, recoveryHash: '', keepTokenHash: '' },
    }),
  approveSecondFactorReset: (accountId) =>
    withSecondFactor(
      accountId,
      { actor: accountId + 1, command: { type: 'askSecondFactorReset', accountId } },
      { actor: accountId + 2, command: { type: 'approveSecondFactorReset', accountId } },
    ),
}
const tokenHash = 'e'.repeat(64)

const [level = 2, least = 200, luck = 0] = process.argv.slice(2, 5).map(Number)
const part = process.argv[5]
const name = part === undefined ? `level-${level}.jsonl` : `level-${level}-${part}.jsonl`
const duel = new Duel()
duel.invariantsOn = false
const sent: Sent[] = []
const done = new Set(goldenLogs().filter(isBeside).flatMap(doneIn))
const written: string[] = []

if (existsSync(fileOf(name))) replay()
else begin()
const missing = () =>
  commandTypes.filter((type) => (levelOf(type) ?? 0) <= level && !isDone(type) && isWanted(type))
const steps = fc.sample(step, { seed: 7_000 + duel.entries.length + luck, numRuns: MOST })
for (const [i, drawn] of steps.entries()) {
  if (missing().length === 0 && written.length >= least) break
  // Nothing hostile: what the log could not carry is refused at the door. When there is much already, time
  // stands still mostly, so that what is still missing finds something open.
  const time = written.length > least && i % 10 > 0 ? 0 : drawn.time
  const entry = entryFor(duel.world, sent, {
    ...drawn,
    time,
    twist: drawn.twist % 100 === 9 ? 9 : 0,
  })
  const enough = written.length > least
  if (enough) byHand()
  const isMissing = enough && missing().includes(entry.command.type)
  const type: string = entry.command.type
  if (ONCE.includes(type) && done.has(type)) continue
  if (enough && !isMissing && !USEFUL.includes(type) && i % 5 > 0) continue
  // The cluster may do most of what few may.
  const byCluster = isMissing && i % 3 === 0
  const asked = byCluster ? { ...entry, actor: 0, key: undefined } : entry
  // From here on refusals say nothing new.
  if (isOfLevel(asked) && !(enough && isRefused(asked))) write(asked)
}
if (missing().length > 0) {
  console.error(`not done: ${missing().join(', ')}. Another PART may bring it.`)
  process.exitCode = 1
}
if (written.length === 0) {
  console.log(`${name}: nothing is missing`)
  process.exit(0)
}
written[written.length - 1] = withHash(written.at(-1) ?? '')
appendFileSync(fileOf(name), `${written.join('\n')}\n`)
console.log(`${name}: ${written.length} entries appended, ${duel.entries.length} in all`)

function isBeside(log: string): boolean {
  return log !== name && log.startsWith(`level-${level}`)
}

function doneIn(log: string): string[] {
  const lines = readLog(log).filter(({ answer }) => !answer.startsWith('refused'))
  return lines.map(({ entry }) => entry.command.type)
}

function replay(): void {
  for (const line of readLog(name)) {
    const answer = answerOf(apply(line.entry))
    if (answer !== line.answer) throw new Error(`entry ${line.entry.index} answers ${answer}`)
    if (line.hash !== '' && line.hash !== stateHash(duel.state)) {
      throw new Error(`the hash at ${line.entry.index} is another`)
    }
  }
}

/** A cluster is founded at level 1, and raised to the level by an entry. */
function begin(): void {
  let at = 0
  const draw = () => (at++ * 7_919) % 65_521
  for (const command of preludeCommands(duel.world, draw)) {
    const index = duel.world.index + 1
    const founds = command.type === 'foundCluster'
    const found = founds ? { ...command, featureLevel: undefined } : command
    write({ index, timestampMs: startMs, actor: 0, key: undefined, command: found })
    if (!founds || level === 1) continue
    const raise = { type: 'raiseFeatureLevel', level } as const
    write({ index: index + 1, timestampMs: startMs, actor: 0, key: undefined, command: raise })
  }
}

function write(entry: Entry): void {
  // As it will be read: a field that is absent and one that is undefined are the same.
  const { entry: read } = JSON.parse(JSON.stringify({ entry })) as { entry: Entry }
  const answer = answerOf(apply({ ...read, key: read.key }))
  const line: Line = { entry: read, answer, hash: '' }
  const text = lineOf(line)
  written.push(written.length % HASH_EVERY === HASH_EVERY - 1 ? withHash(text) : text)
}

function withHash(text: string): string {
  const [entry, answer] = JSON.parse(text) as [Entry, string]
  return lineOf({ entry, answer, hash: stateHash(duel.state) })
}

function apply(entry: Entry) {
  const reply = duel.apply(entry)
  if (reply.type !== 'refused') done.add(entry.command.type)
  if (entry.key !== undefined) sent.push({ entry: { ...entry, key: entry.key } })
  return reply
}

function isRefused(entry: Entry): boolean {
  return applyEntry(loadState(rowsOf(duel.state)), entry).reply.type === 'refused'
}

/** Those that chance has not brought so far. */
function byHand(): void {
  for (const type of missing()) {
    const commands = BY_HAND[type]
    if (commands === undefined) continue
    const index = duel.world.index + 1
    const email = `golden${index}@valdoria.example`
    const account = {
      email,
      displayName: 'Gold',
      passwordHash: 'scrypt$1',
      role: 'passenger',
    } as const
    own({ type: 'registerAccount', ...account })
    for (const command of commands(duel.world.accounts.length)) own(command)
  }
}

function own(asked: Command | ByPerson): void {
  const { index, now } = duel.world
  const by = 'actor' in asked ? asked : { actor: 0, command: asked }
  write({ index: index + 1, timestampMs: now, key: undefined, ...by })
}

function isDone(type: string): boolean {
  return done.has(type)
}

/** At level 1 the level is not raised. */
function isWanted(type: string): boolean {
  return level > 1 || type !== 'raiseFeatureLevel'
}

/** Fields that came with a later level are of that level too. */
function isOfLevel({ command }: Entry): boolean {
  if (level > 1) return true
  if (command.type === 'raiseFeatureLevel' || (levelOf(command.type) ?? 0) > 1) return false
  return !JSON.stringify(command).includes('passengerType')
}
