/**
 * The data of one Raft entry: a submission with the leader's stamp, as `quorail.command.v1.LogEntry`.
 * The schema mirrors booking-fsm's commands field by field, so the mapping is generic; that the two
 * still match is checked by the compiler below and by the test.
 */
import { fromBinary, toBinary } from '@bufbuild/protobuf'
import { type Command, type Entry, LATEST_FEATURE_LEVEL } from '@quorail/booking-fsm'
import { type LogEntry, LogEntrySchema } from '@quorail/proto/quorail/command/v1/command_pb'
import type { Submission } from '../host/types.ts'
import { plainWire } from '../wire/plain-wire.ts'
import { logEntryRules } from './log-entry-rules.ts'
import { MappingError } from './mapping-error.ts'
import { messageCodec } from './message-codec.ts'
import type { Plain } from './plain.ts'

const codec = messageCodec(LogEntrySchema, logEntryRules)
const direct = plainWire(LogEntrySchema, logEntryRules)

/** Throws a `MappingError` for what the log could not give back exactly. */
export function encodeLogEntry(submission: Submission, timestampMs: number): Uint8Array {
  const { actor, key, command } = submission
  const entry = { timestampMs, actor, key, command }
  const bytes = direct.encode(entry)
  if (bytes !== undefined) return bytes
  return toBinary(LogEntrySchema, codec.toMessage(entry, 'entry') as LogEntry)
}

/**
 * Throws a `MappingError` for bytes that this version does not understand completely. For a committed
 * entry that is fatal to the node: to skip it would be to disagree with the others in silence.
 */
export function decodeLogEntry(index: number, data: Uint8Array): Entry {
  const read = direct.decode(data) ?? codec.toPlain(parse(index, data), `entry ${index}`)
  const plain = read as unknown as PlainLogEntry
  mustKnowLevel(index, plain.command)
  return { index, ...plain }
}

/** What counts from the next entry on would be unknown here: to go on would be to disagree in silence. */
function mustKnowLevel(index: number, command: Command): void {
  const founds = command.type === 'foundCluster'
  if (!founds && command.type !== 'raiseFeatureLevel') return
  const level = founds ? (command.featureLevel ?? 1) : command.level
  if (level <= LATEST_FEATURE_LEVEL) return
  const text = `asks for feature level ${level}, and this version knows up to ${LATEST_FEATURE_LEVEL}`
  throw new MappingError(`entry ${index}`, text)
}

/** The command of a message that was made elsewhere, e.g. by an importer's program. */
export function commandOfMessage(message: LogEntry): Command {
  return (codec.toPlain(message, 'entry') as unknown as PlainLogEntry).command
}

function parse(index: number, data: Uint8Array): LogEntry {
  try {
    return fromBinary(LogEntrySchema, data)
  } catch (error) {
    throw new MappingError(`entry ${index}`, `is not a log entry (${String(error)})`)
  }
}

type PlainLogEntry = Omit<Entry, 'index'>

// What the schema and the commands have in common, checked by the compiler: every command has its
// case and nothing else has, and the fields of each have the same names and fit.
type PlainCommand = Plain<LogEntry>['command']
type FieldsOf<C, Type> = keyof Extract<C, { type: Type }>
type SameFields = {
  [Type in Command['type']]: [
    Exclude<FieldsOf<Command, Type>, FieldsOf<PlainCommand, Type>>,
    Exclude<FieldsOf<PlainCommand, Type>, FieldsOf<Command, Type>>,
  ] extends [never, never]
    ? true
    : false
}
type Check<T extends true> = T
export type SchemaFitsCommands = [
  Check<Command extends PlainCommand ? true : false>,
  Check<Command['type'] extends PlainCommand['type'] ? true : false>,
  Check<PlainCommand['type'] extends Command['type'] ? true : false>,
  Check<SameFields[Command['type']]>,
]
