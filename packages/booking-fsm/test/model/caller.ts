import type { Entry, RequestKey } from '../../src/index.ts'
import { refuse } from './refuse.ts'
import { checkPattern } from './shapes.ts'
import type { World } from './world.ts'

export function isCluster(entry: Entry): boolean {
  return entry.actor === 0 && !entry.key?.principal.startsWith('c:')
}

export function roleOf(world: World, entry: Entry): string {
  if (isCluster(entry)) return 'cluster'
  return world.accounts.find((account) => account.id === entry.actor)?.role ?? 'anonymous'
}

export function needStaff(world: World, entry: Entry): void {
  if (!['staff', 'operator', 'cluster'].includes(roleOf(world, entry))) refuse('notAllowed')
}

export function needCluster(entry: Entry): void {
  if (!isCluster(entry)) refuse('notAllowed')
}

export function checkKeyShape(key: RequestKey): void {
  checkPattern(key.principal, /^[acp]:[!-~]{1,64}$/, 'key.principal')
  checkPattern(key.method, /^[A-Za-z]{1,64}$/, 'key.method')
  checkPattern(key.requestId, /^[!-~]{1,64}$/, 'key.requestId')
  checkPattern(key.contentHash, /^[0-9a-f]{1,128}$/, 'key.contentHash')
}
