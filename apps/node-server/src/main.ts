#!/usr/bin/env node
import './quick-loading.ts'
import { exitCodes } from './cli/exit-codes.ts'
import { UsageError } from './cli/usage-error.ts'

type Command = (words: readonly string[]) => Promise<number>

// Loaded when asked for: `status` needs no SQLite.
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import('./cli/serve.ts')).serve,
  status: async () => (await import('./cli/status.ts')).status,
  trace: async () => (await import('./cli/trace.ts')).trace,
  backup: async () => (await import('./cli/backup.ts')).backup,
  restore: async () => (await import('./cli/restore.ts')).restore,
  certs: async () => (await import('./cli/certs.ts')).certs,
  'inspect-wal': async () => (await import('./cli/inspect-wal.ts')).inspectWal,
  'discard-log': async () => (await import('./cli/discard-log.ts')).discardLog,
  members: async () => (await import('./cli/members-command.ts')).members,
  transfer: async () => (await import('./cli/transfer.ts')).transfer,
  'rolling-restart': async () => (await import('./cli/rolling-restart.ts')).rollingRestart,
  admin: async () => (await import('./cli/admin.ts')).admin,
  'import-gtfs': async () => (await import('./cli/import-gtfs.ts')).importGtfsCommand,
}

/** They speak to the nodes of a cluster, whose authority may be its own. */
const asking = new Set([
  'status',
  'trace',
  'members',
  'transfer',
  'rolling-restart',
  'admin',
  'import-gtfs',
])

const help = `quorail COMMAND [options]

  serve        run one node of a cluster
  status       how the nodes of a cluster are
  trace        where the time of a slow call went, on every node
  members      who belongs to the cluster: add, replace, remove
  transfer     hand leadership over
  rolling-restart  restart the nodes in turn, while bookings go on
  admin        look up accounts, rules, runs and trains; roles and sessions
  import-gtfs  bring a timetable into the cluster
  backup       everything a node knows, in one file, while it sells
  restore      a new cluster's node from a backup
  certs        certificates for TLS between the nodes and for their client ports
  inspect-wal  what is in a node's write-ahead log, and whether it is damaged
  discard-log  give up a node's damaged log, so that it can come back as a new member

Commands that ask the nodes believe a cluster's own authority by --ca FILE, or QUORAIL_CA=FILE.
quorail COMMAND --help explains a command and its exit codes.`

const [name = 'help', ...words] = process.argv.slice(2)
process.exitCode = await run(name, words)
// A node has stopped in good order by now; nothing that lingers may keep the process.
process.exit()

async function run(command: string, rest: readonly string[]): Promise<number> {
  if (command === 'help' || command === '--help') {
    process.stdout.write(`${help}\n`)
    return exitCodes.done
  }
  const load = Object.hasOwn(commands, command) ? commands[command] : undefined
  try {
    if (load === undefined) throw new UsageError(`There is no command "${command}".`)
    const own = asking.has(command) ? await withoutAuthority(rest) : rest
    return await (await load())(own)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const more = load === undefined ? 'quorail --help' : `quorail ${command} --help`
    process.stderr.write(`${error.message}\nThe options are shown by: ${more}\n`)
    return exitCodes.usage
  }
}

async function withoutAuthority(rest: readonly string[]): Promise<readonly string[]> {
  const isNamed =
    process.env.QUORAIL_CA !== undefined || rest.some((word) => /^--ca(=|$)/.test(word))
  return isNamed ? (await import('./cli/believe-authority.ts')).believeAuthority(rest) : rest
}
