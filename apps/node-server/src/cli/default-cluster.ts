import { existsSync, readFileSync } from 'node:fs'
import type { MemberAddress } from '../host/types.ts'
import { parseMembers } from './members.ts'
import { UsageError } from './usage-error.ts'

export const clusterFile = '.quorail/cluster.json'

/** The members that `--cluster` names; without it those that `npm start` started last. */
export function membersOf(cluster: string | undefined): readonly MemberAddress[] {
  return parseMembers(cluster ?? defaultCluster())
}

function defaultCluster(): string {
  if (existsSync(clusterFile)) {
    const { cluster } = JSON.parse(readFileSync(clusterFile, 'utf8')) as { cluster?: unknown }
    if (typeof cluster === 'string') return cluster
    throw new UsageError(`${clusterFile} does not name a cluster; give --cluster.`)
  }
  return [1, 2, 3]
    .map((n) => `n${n}=http://localhost:${3000 + n},http://localhost:${3010 + n}`)
    .join(';')
}
