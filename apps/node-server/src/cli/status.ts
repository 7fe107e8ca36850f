import { type NodeStatus, Role } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { clusterFile } from './default-cluster.ts'
import { exitCodes } from './exit-codes.ts'
import { askNodes, type KnownNode } from './find-nodes.ts'
import { parseWords } from './parse-words.ts'
import { differ, type StatusRow } from './status-row.ts'
import { statusTable } from './status-table.ts'
import { UsageError } from './usage-error.ts'

export const statusHelp = `quorail status [--cluster MEMBERS] [--json]

Asks every member of the cluster how it is: those that MEMBERS names and those that came since, as the nodes say.

  --cluster MEMBERS  as given to serve (default: from ${clusterFile}, else the ports of npm start);
                     one of them that answers is enough
  --ca FILE          who signs the nodes' certificates, if not a public authority (or QUORAIL_CA)
  --json             one object per member: id, address, pid, role, ready, term, commitIndex,
                     appliedIndex, durableIndex, hashIndex, stateHash, logSizeBytes, clockOffsetMs,
                     featureLevel, supportedFeatureLevel; a member that does not answer has the
                     role "unreachable"
  --timeout-ms N     how long to wait for each member (2000)

Exit codes: 0 every member answers and one leads; 1 a member is down, nobody leads, or two members
have different state hashes at the same index; 2 wrong arguments.`

export async function status(words: readonly string[]): Promise<number> {
  const { values } = parse(words)
  if (values.help) {
    process.stdout.write(`${statusHelp}\n`)
    return exitCodes.done
  }
  const timeoutMs = Number(values['timeout-ms'])
  if (!Number.isInteger(timeoutMs) || timeoutMs < 1)
    throw new UsageError('--timeout-ms must be a whole number above 0.')
  const nodes = await askNodes(values.cluster, timeoutMs)
  const rows = nodes.map((node) =>
    node.status === undefined ? unreachable(node) : row(node, node.status),
  )
  process.stdout.write(
    values.json ? `${JSON.stringify(rows, null, 2)}\n` : `${statusTable(rows).join('\n')}\n`,
  )
  return isGood(rows) ? exitCodes.done : exitCodes.failed
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    options: {
      cluster: { type: 'string' },
      json: { type: 'boolean', default: false },
      'timeout-ms': { type: 'string', default: '2000' },
      help: { type: 'boolean', default: false },
    },
  })
}

const roles: Readonly<Record<Role, StatusRow['role']>> = {
  [Role.UNSPECIFIED]: 'unknown',
  [Role.FOLLOWER]: 'follower',
  [Role.PRE_CANDIDATE]: 'preCandidate',
  [Role.CANDIDATE]: 'candidate',
  [Role.LEADER]: 'leader',
}

const row = ({ id, clientUrl }: KnownNode, it: NodeStatus): StatusRow => ({
  id,
  address: clientUrl,
  pid: it.pid,
  role: roles[it.role],
  ready: it.ready,
  term: Number(it.term),
  commitIndex: Number(it.commitIndex),
  appliedIndex: Number(it.appliedIndex),
  durableIndex: Number(it.durableIndex),
  hashIndex: Number(it.hashIndex),
  stateHash: it.stateHash,
  logSizeBytes: Number(it.logSizeBytes),
  clockOffsetMs: it.clockOffsetMs === undefined ? null : Number(it.clockOffsetMs),
  featureLevel: it.featureLevel,
  supportedFeatureLevel: it.supportedFeatureLevel,
})

const unreachable = ({ id, clientUrl }: KnownNode): StatusRow => ({
  id,
  address: clientUrl,
  pid: null,
  role: 'unreachable',
  ready: false,
  term: 0,
  commitIndex: 0,
  appliedIndex: 0,
  durableIndex: 0,
  hashIndex: 0,
  stateHash: '',
  logSizeBytes: 0,
  clockOffsetMs: null,
  featureLevel: 0,
  supportedFeatureLevel: 0,
})

function isGood(rows: readonly StatusRow[]): boolean {
  const everybody = rows.every(({ role }) => role !== 'unreachable')
  return everybody && rows.some(({ role }) => role === 'leader') && !differ(rows)
}
