/** Members of the cluster as words, for people and for programs. */
import { MemberRole, type MemberState } from '@quorail/proto/quorail/cluster/v1/membership_pb'
import type { Found } from './admin/print.ts'

/** One member as `--json` prints it. */
export interface MemberRow {
  readonly id: string
  readonly clientUrl: string
  readonly peerUrl: string
  readonly role: 'voter' | 'learner' | 'catchingUp' | 'leaving' | 'unknown'
  readonly leads: boolean
  readonly active: boolean
  readonly matchIndex: number
  readonly getsSnapshot: boolean
  readonly setApart: boolean
}

const roles: Readonly<Record<MemberRole, MemberRow['role']>> = {
  [MemberRole.UNSPECIFIED]: 'unknown',
  [MemberRole.VOTER]: 'voter',
  [MemberRole.LEARNER]: 'learner',
  [MemberRole.CATCHING_UP]: 'catchingUp',
  [MemberRole.LEAVING]: 'leaving',
}

export const memberRow = (member: MemberState): MemberRow => ({
  id: member.id,
  clientUrl: member.clientUrl,
  peerUrl: member.peerUrl,
  role: roles[member.role],
  leads: member.leads,
  active: member.active,
  matchIndex: Number(member.matchIndex),
  getsSnapshot: member.getsSnapshot,
  setApart: member.setApart,
})

export function membersTable(members: readonly MemberRow[], lastIndex: number): Found {
  return {
    headings: ['NODE', 'CLIENTS', 'PEERS', 'ROLE', 'STATE', 'HAS'],
    lines: members.map((it) => [
      it.id,
      it.clientUrl || '?',
      it.peerUrl || '?',
      it.leads ? 'leader' : it.role,
      stateOf(it),
      `${it.matchIndex} of ${lastIndex}`,
    ]),
    json: { members, lastIndex },
    nextPage: '',
  }
}

/** How far a node is that is to become a voter. */
export function progressOf(member: MemberRow | undefined, id: string, lastIndex: number): string {
  if (member === undefined) return `${id} is no member yet`
  if (member.role === 'voter') return `${id} votes`
  if (!member.active) return `${id} is not heard of`
  if (member.getsSnapshot) return `${id} is sent the state`
  return `${id} catches up: entry ${member.matchIndex} of ${lastIndex}`
}

function stateOf({ active, setApart, getsSnapshot }: MemberRow): string {
  if (setApart) return 'has lost its log: replace it'
  if (!active) return 'not heard of'
  return getsSnapshot ? 'is sent the state' : 'good'
}
