import type { Membership } from '@quorail/raft-core'
import type {
  FoundSnapshot,
  InspectedDamage,
  InspectedRecord,
  InspectedSegment,
  Inspection,
} from '@quorail/raft-core/wal'

/** What `inspect-wal` has found in a folder. */
export interface WalFolder {
  readonly folder: string
  /** `undefined`: there is no log. */
  readonly log: Inspection | undefined
  readonly snapshots: readonly FoundSnapshot[]
}

/** A log for a person. */
export function inspectionText({ folder, log, snapshots }: WalFolder): string[] {
  if (log === undefined) {
    return [`There is no log in ${folder}.`, ...snapshots.map(snapshotLine)]
  }
  const { superblock, segments, obsolete, records } = log
  const { genesis, base, hardState, lastIndex } = log.log
  return [
    `log         ${folder}`,
    `life        ${superblock.incarnation}`,
    `cluster     ${genesis === undefined ? 'none yet: it waits to be added' : `${genesis.clusterId}, founded by ${genesis.members.join(', ')}`}`,
    `superblock  format ${superblock.format}, generation ${superblock.generation}, segments ${superblock.firstSegment} to ${superblock.segments}, durable up to record ${superblock.durableSequence}`,
    `begins      behind entry ${base.index} of term ${base.term}: ${membershipText(base.membership)} (config entry ${base.configIndex})`,
    `entries     ${lastIndex > base.index ? `${base.index + 1} to ${lastIndex}` : 'none'}${termsText(log)}`,
    `config      ${log.log.configEntries.map(({ index }) => `entry ${index}`).join(', ') || 'no change behind the beginning'}`,
    `state       term ${hardState.term}, vote for ${hardState.votedFor ?? 'nobody'}, committed up to ${hardState.commitIndex}`,
    `other lives ${log.log.peers.map(({ id, incarnation }) => `${id} ${incarnation}`).join(', ') || 'none known'}`,
    `records     ${records}`,
    '',
    ...segments.map(segmentLine),
    ...obsolete.map((file) => `${file}  not needed any more`),
    ...snapshots.map(snapshotLine),
    '',
    verdict(log),
  ]
}

/** One record: where it is, and what it changes. */
export function recordLine(record: InspectedRecord): string {
  const { file, offset, bytes, sequence, entries, checkpoint, hardState } = record
  const said: string[] = []
  if (checkpoint !== undefined) said.push(`checkpoint at entry ${checkpoint.lastIndex}`)
  if (record.genesis !== undefined) said.push(`cluster ${record.genesis.clusterId}`)
  for (const { mark, reset } of record.bases)
    said.push(`${reset ? 'snapshot' : 'compaction'} up to ${mark.index} of term ${mark.term}`)
  for (const from of record.truncations) said.push(`removed from ${from} on`)
  const [first, last] = [entries[0], entries.at(-1)]
  if (first !== undefined && last !== undefined)
    said.push(`entries ${first.index} to ${last.index}, term ${last.term}`)
  for (const { index, isConfig } of entries) if (isConfig) said.push(`config entry ${index}`)
  if (hardState !== undefined)
    said.push(
      `term ${hardState.term}, vote for ${hardState.votedFor ?? 'nobody'}, committed ${hardState.commitIndex}`,
    )
  for (const { id, incarnation } of record.peers) said.push(`${id} is ${incarnation}`)
  return `${file} ${offset}  record ${sequence}, ${bytes} bytes, ${record.writes} writes: ${said.join('; ')}`
}

function termsText({ log }: Inspection): string {
  if (log.termRuns.length === 0) return ''
  const runs = log.termRuns.map(({ term, firstIndex }) => `term ${term} from ${firstIndex}`)
  const shown = runs.length > 6 ? ['…', ...runs.slice(-6)] : runs
  return ` (${shown.join(', ')})`
}

function membershipText(membership: Membership): string {
  const { voters, votersOutgoing, learners } = membership
  const parts = [`voters ${voters.join(', ') || 'none'}`]
  if (votersOutgoing.length > 0) parts.push(`leaving ${votersOutgoing.join(', ')}`)
  if (learners.length > 0) parts.push(`learners ${learners.join(', ')}`)
  return parts.join('; ')
}

function segmentLine({ file, format, sizeBytes, usedBytes, firstIndex }: InspectedSegment): string {
  const kept = sizeBytes > usedBytes ? `, ${sizeBytes - usedBytes} kept ready or damaged` : ''
  return `${file}  format ${format}, from entry ${firstIndex}, ${usedBytes} bytes${kept}`
}

function snapshotLine({ kind, name, header }: FoundSnapshot): string {
  if (typeof header === 'string') return `${name}  not readable: ${header}`
  const { mark, sizeBytes } = header.info
  const size = kind === 'captured' ? 'not finished' : `${sizeBytes} bytes`
  const state = { complete: 'complete', fetched: 'being fetched', captured: 'being made' }[kind]
  return `${name}  ${state}, up to entry ${mark.index} of term ${mark.term}, ${size}`
}

function verdict({ damage, refusal }: Inspection): string {
  if (refusal !== undefined)
    return `DAMAGED ${place(refusal)}. The node refuses this log; keep the folder.`
  if (damage !== undefined)
    return `Torn write ${place(damage)}: cut off when the node starts. Nothing acknowledged is lost.`
  return 'No damage.'
}

const place = ({ file, offset, reason }: InspectedDamage): string =>
  `in ${file} at byte ${offset}: ${reason}`
