import path from 'node:path'
import { BackupError } from '../snapshots/backup-file.ts'
import { restoreBackup } from '../snapshots/restore-backup.ts'
import { exitCodes } from './exit-codes.ts'
import { parseMembers } from './members.ts'
import { parseWords } from './parse-words.ts'
import { UsageError } from './usage-error.ts'

export const restoreHelp = `quorail restore --from FILE --data DIR --cluster MEMBERS [options]

Makes the data folder of a node of a new cluster from a backup. Done with the same FILE and the same
MEMBERS for each of them, each with a folder of its own; then each is started by serve, with the
same --cluster and the --cluster-id that is printed.

It is another cluster: with an id of its own, and with every number one million further, so that nothing
is given out again that was given out after the backup was made. What was sold since then is not in
it. Never start a member of the old cluster again.

  --from FILE       made by quorail backup
  --data DIR        must not be there, or be empty
  --cluster MEMBERS all members, as for serve
  --cluster-id HEX  32 digits, the same for each (default: from FILE and MEMBERS)
  --json            one object: clusterId, appliedIndex, stateHash, backup (its appliedIndex and stateHash)

Exit codes: 0 the folder is complete and durable; 1 it could not be made, and is not there; 2 wrong
arguments; 3 the backup can not be used: a person has to look.`

export async function restore(words: readonly string[]): Promise<number> {
  const { values } = parse(words)
  if (values.help) {
    process.stdout.write(`${restoreHelp}\n`)
    return exitCodes.done
  }
  const clusterId = values['cluster-id']
  if (clusterId !== undefined && !/^[0-9a-f]{32}$/.test(clusterId))
    throw new UsageError('--cluster-id must be 32 hexadecimal digits, in lower case.')
  const options = {
    backupFile: path.resolve(required(values.from, '--from')),
    dataFolder: path.resolve(required(values.data, '--data')),
    memberIds: parseMembers(required(values.cluster, '--cluster')).map(({ id }) => id),
    clusterId,
  }
  try {
    const made = await restoreBackup(options)
    const said = values.json
      ? JSON.stringify(made)
      : `${options.dataFolder}: the state of index ${made.appliedIndex}, hash ${made.stateHash},\n` +
        `from the backup of index ${made.backup.appliedIndex}, hash ${made.backup.stateHash}.\n` +
        `Start it with --cluster-id ${made.clusterId}, when all members are restored.`
    process.stdout.write(`${said}\n`)
    return exitCodes.done
  } catch (error) {
    process.stderr.write(`Not restored: ${error instanceof Error ? error.message : error}\n`)
    return error instanceof BackupError ? exitCodes.refused : exitCodes.failed
  }
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new UsageError(`${name} is missing.`)
  return value
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    options: {
      from: { type: 'string' },
      data: { type: 'string' },
      cluster: { type: 'string' },
      'cluster-id': { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
}
