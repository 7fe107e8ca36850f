import { createHash } from 'node:crypto'
import type { MemberAddress } from '../host/types.ts'
import { UsageError } from './usage-error.ts'

const form = 'n1=http://localhost:3001,http://localhost:3011;n2=…'

/** Reads `--cluster`: `id=clientUrl,peerUrl;…`, sorted by id. */
export function parseMembers(text: string): readonly MemberAddress[] {
  const members = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseMember)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
  if (members.length === 0) throw new UsageError(`--cluster names no member; it looks like ${form}`)
  for (const key of ['id', 'clientUrl', 'peerUrl'] as const)
    if (new Set(members.map((member) => member[key])).size < members.length)
      throw new UsageError(`--cluster names the same ${key} twice.`)
  return members
}

/** `id=clientUrl,peerUrl` */
export function parseMember(part: string): MemberAddress {
  const [, id, clientUrl, peerUrl] = /^([^=]+)=([^,]+),([^,]+)$/.exec(part) ?? []
  if (id === undefined || clientUrl === undefined || peerUrl === undefined)
    throw new UsageError(`"${part}" in --cluster is not a member; it looks like ${form}`)
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(id))
    throw new UsageError(
      `"${id}" is no name for a node: up to 64 letters (a to z, A to Z), digits, ".", "_" and "-".`,
    )
  return { id, clientUrl: origin(clientUrl), peerUrl: origin(peerUrl) }
}

/** A scheme, a host, a port, and nothing behind. */
export function origin(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/')
    throw new UsageError(`"${text}" is no address; it looks like http://localhost:3001`)
  return url.origin
}

/**
 * The cluster's id when none is given: the same for all founders, because they are given the same
 * members. Two clusters with the same member list on one network need `--cluster-id`.
 */
export function clusterIdOf(members: readonly MemberAddress[]): string {
  const text = members.map(({ id, peerUrl }) => `${id}=${peerUrl}`).join(';')
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
