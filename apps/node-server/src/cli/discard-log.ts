import path from 'node:path'
import { giveUpDamagedLog, type LogDamage } from '../storage/discard-log.ts'
import { StartRefusedError } from '../storage/start-refused.ts'
import { exitCodes } from './exit-codes.ts'
import { parseWords } from './parse-words.ts'
import { UsageError } from './usage-error.ts'

export const discardLogHelp = `quorail discard-log --data DIR [--really] [--json]

Gives up the log of a node that refuses to start because it is damaged where it had been confirmed
durable, so that its machine can come back as a new member. Without --really it says what is wrong
and changes nothing. A log that a node would open is never given up; nor one of a node that runs.

What it had promised is lost to this node, so it comes back as nobody: its member is removed, it
is started with --join instead of --cluster, and it is added. Do it on one node only, while a majority
of the others runs: what all of them lose is lost.

  --data DIR  the node's data folder
  --really    do it: the log's files stay in DIR/log as damaged-1-…, the state as DIR/state.without-log-1
  --json      one object: damage (file, offset, reason), discarded, kept

Exit codes: 0 given up; 1 it failed in the middle: run it again; 2 wrong arguments; 3 nothing was changed:
the log is not damaged, is not there or is in use, or --really was not said.`

export async function discardLog(words: readonly string[]): Promise<number> {
  const { values } = parse(words)
  if (values.help) {
    process.stdout.write(`${discardLogHelp}\n`)
    return exitCodes.done
  }
  if (values.data === undefined || values.data === '') throw new UsageError('--data is missing.')
  const folder = path.resolve(values.data)
  try {
    const { damage, kept } = await giveUpDamagedLog(folder, values)
    const discarded = kept !== undefined
    process.stdout.write(
      values.json
        ? `${JSON.stringify({ damage: damage ?? null, discarded, kept: kept ?? [] })}\n`
        : `${[damageLine(damage), ...(discarded ? doneLines(kept) : notDoneLines)].join('\n')}\n`,
    )
    return discarded ? exitCodes.done : exitCodes.refused
  } catch (error) {
    process.stderr.write(`Not given up: ${error instanceof Error ? error.message : error}\n`)
    return error instanceof StartRefusedError ? exitCodes.refused : exitCodes.failed
  }
}

const damageLine = (damage: LogDamage | undefined): string =>
  damage === undefined
    ? 'Giving up this log had begun before.'
    : `The log is damaged in ${damage.file} at byte ${damage.offset}: ${damage.reason}.`

const notDoneLines: readonly string[] = [
  'Nothing was changed. With --really the log is given up, and this node comes back as a new member.',
]

const doneLines = (kept: readonly string[]): string[] => [
  'Given up. Kept:',
  ...kept.map((file) => `  ${file}`),
  'Now: "quorail members remove" its name; start it with --join instead of --cluster; "quorail members add" it.',
]

function parse(words: readonly string[]) {
  return parseWords(words, {
    options: {
      data: { type: 'string' },
      really: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
}
