import type { AccountRole as Role } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AccountRole } from '@/lib/api/enums'

export interface Destination {
  readonly href: string
  readonly label: string
  /** Its pages, by the beginning of their path. */
  readonly covers: readonly string[]
}

const search = { href: '/', label: 'Search', covers: ['/search', '/runs', '/checkout'] }
const trips = { href: '/trips', label: 'My trips', covers: ['/trips'] }
const cluster = { href: '/cluster', label: 'Cluster', covers: ['/cluster'] }
const staff = { href: '/staff', label: 'Staff', covers: ['/staff'] }

export function destinations(role: Role | undefined): readonly Destination[] {
  return isStaff(role) ? [search, trips, cluster, staff] : [search, trips, cluster]
}

export function isStaff(role: Role | undefined): boolean {
  return role === AccountRole.STAFF || role === AccountRole.OPERATOR
}

export function isCurrent({ href, covers }: Destination, path: string): boolean {
  return path === href || covers.some((start) => path === start || path.startsWith(`${start}/`))
}
