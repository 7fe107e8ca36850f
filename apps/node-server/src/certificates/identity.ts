/** Whom a certificate names: `quorail://CLUSTER/NODE` among its alternative names. */

export interface Identity {
  /** 32 hexadecimal digits. */
  readonly clusterId: string
  readonly node: string
}

export const identityUri = ({ clusterId, node }: Identity): string =>
  `quorail://${clusterId}/${node}`

/** As the authority's own certificate says whose it is. */
export const authorityUri = (clusterId: string): string => `quorail://${clusterId}`

/** From `subjectaltname` of Node's certificates; undefined when it names no node, or more than one. */
export function identityIn(names: string | undefined): Identity | undefined {
  const found = alternativeNames(names)
    .map((name) => /^URI:quorail:\/\/([0-9a-f]{32})\/([A-Za-z0-9._-]{1,64})$/.exec(name))
    .filter((match) => match !== null)
  const [only] = found
  if (found.length !== 1 || only === undefined) return undefined
  return { clusterId: only[1] ?? '', node: only[2] ?? '' }
}

/** The cluster of an authority's certificate. */
export function clusterIn(names: string | undefined): string | undefined {
  const found = alternativeNames(names)
    .map((name) => /^URI:quorail:\/\/([0-9a-f]{32})$/.exec(name)?.[1])
    .find((id) => id !== undefined)
  return found
}

/** DNS names and IP addresses. */
export function hostsIn(names: string | undefined): readonly string[] {
  return alternativeNames(names)
    .map((name) => /^(?:DNS|IP Address):(.+)$/.exec(name)?.[1])
    .filter((host) => host !== undefined)
    .map(shortened)
}

/** Node writes a name that holds a comma as JSON, so that nobody can smuggle a second one in. */
function alternativeNames(names: string | undefined): readonly string[] {
  return (names ?? '').split(', ').filter((name) => !name.includes('"'))
}

/** `0:0:0:0:0:0:0:1`, as Node writes it, is `::1`. */
function shortened(host: string): string {
  return host.includes(':') ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host
}
