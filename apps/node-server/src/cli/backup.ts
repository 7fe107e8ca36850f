import { existsSync } from 'node:fs'
import path from 'node:path'
import { writeBackup } from '../snapshots/backup-file.ts'
import { buildAnew } from '../storage/damaged-advice.ts'
import { currentGeneration } from '../storage/generations.ts'
import { rehashDatabase } from '../storage/rehash-database.ts'
import { exitCodes } from './exit-codes.ts'
import { parseWords } from './parse-words.ts'
import { UsageError } from './usage-error.ts'

export const backupHelp = `quorail backup --data DIR --to FILE [--json]

Writes everything that a node has sold and knows to FILE: one moment of its database, while it runs and
sells, or while it is stopped. A follower's is as good as the leader's. The log is not in it. The database is
looked at first, all of it: of one that is damaged there is no backup.

  --data DIR  the node's data folder
  --to FILE   must not be there yet; others can not read it (mode 0600), for it holds password hashes
  --json      one object: file, appliedIndex, stateHash, sizeBytes, sha256

Exit codes: 0 the backup is complete and durable; 1 it could not be made, and there is no FILE; 2 wrong arguments;
3 the database is damaged, and there is no FILE: a person has to look.`

export async function backup(words: readonly string[]): Promise<number> {
  const { values } = parse(words)
  if (values.help) {
    process.stdout.write(`${backupHelp}\n`)
    return exitCodes.done
  }
  if (values.data === undefined) throw new UsageError('--data is missing.')
  if (values.to === undefined) throw new UsageError('--to is missing.')
  const stateFolder = path.join(values.data, 'state')
  if (!existsSync(stateFolder)) throw new UsageError(`${values.data} is no node's data folder.`)
  const file = path.resolve(values.to)
  if (existsSync(file)) throw new UsageError(`${file} is there already.`)
  try {
    const database = currentGeneration(stateFolder)
    const { damage } = rehashDatabase(database, () => {})
    if (damage !== undefined) return refuse(damage)
    const made = writeBackup(database, file)
    const said = values.json
      ? JSON.stringify({ file, ...made })
      : `${file}: everything up to index ${made.appliedIndex}, state hash ${made.stateHash}, ${made.sizeBytes} bytes, SHA-256 ${made.sha256}`
    process.stdout.write(`${said}\n`)
    return exitCodes.done
  } catch (error) {
    process.stderr.write(`No backup was made: ${error instanceof Error ? error.message : error}\n`)
    return exitCodes.failed
  }
}

/** Nobody could restore it. */
function refuse(damage: string): number {
  process.stderr.write(
    `No backup was made: the database does not hold what was written to it: ${damage}. Take the backup of another node. What to do with this one: stop it, ${buildAnew}.\n`,
  )
  return exitCodes.refused
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    options: {
      data: { type: 'string' },
      to: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
}
