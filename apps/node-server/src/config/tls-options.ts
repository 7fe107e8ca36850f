/** Where a node's certificates are, and whether its addresses go with them. */
import { UsageError } from '../cli/usage-error.ts'
import type { MemberAddress } from '../host/types.ts'
import { isLoopback } from '../http/listen.ts'
import type { ServeOption } from './serve-options.ts'

export interface TlsOptions {
  /** Towards the other nodes, as server and as client; undefined: plain text, on loopback alone. */
  readonly peerTls:
    | { readonly certificate: string; readonly key: string; readonly authority: string }
    | undefined
  /** Of the client port; undefined: plain text, or a proxy of ours has one. */
  readonly clientTls: { readonly certificate: string; readonly key: string } | undefined
  /** Who signs the certificates of the other nodes' client ports, besides the public authorities. */
  readonly clientAuthority: string | undefined
}

/** What is read here, of all options. */
export interface OptionReader {
  name(option: ServeOption): string
  path(option: ServeOption): string | undefined
}

export function tlsOptions(read: OptionReader): TlsOptions {
  const [certificate, key, authority] = together(read, [
    'peer-cert-file',
    'peer-key-file',
    'peer-ca-file',
  ])
  const [clientCertificate, clientKey] = together(read, ['client-cert-file', 'client-key-file'])
  return {
    peerTls: certificate && key && authority ? { certificate, key, authority } : undefined,
    clientTls:
      clientCertificate && clientKey
        ? { certificate: clientCertificate, key: clientKey }
        : undefined,
    clientAuthority: read.path('client-ca-file') ?? authority,
  }
}

/** Plain text never leaves the machine, and nobody is told an address at which something else is spoken. */
export function checkAddresses(
  { peerTls, clientTls }: TlsOptions,
  {
    members,
    own,
    hosts,
  }: { members: readonly MemberAddress[]; own: MemberAddress; hosts: readonly string[] },
): void {
  for (const { id, peerUrl } of [...members, own]) {
    const { protocol, hostname } = new URL(peerUrl)
    if (peerTls !== undefined && protocol !== 'https:')
      throw new UsageError(
        `The nodes have certificates for each other, so the peer address of ${id} begins with https, not ${peerUrl}.`,
      )
    if (peerTls === undefined && protocol === 'https:')
      throw new UsageError(
        `The peer address of ${id}, ${peerUrl}, wants TLS: give --peer-cert-file, --peer-key-file and --peer-ca-file ("quorail certs" makes them).`,
      )
    if (peerTls === undefined && !isLoopback(hostname))
      throw plainText(`The peer address of ${id}, ${peerUrl},`)
  }
  const open = hosts.find((host) => !isLoopback(host))
  if (peerTls === undefined && open !== undefined)
    throw plainText(`The address to listen on, --host ${open},`)
  if (clientTls !== undefined && !own.clientUrl.startsWith('https:'))
    throw new UsageError(
      `The client port has a certificate, so its address begins with https, not ${own.clientUrl}.`,
    )
}

function plainText(address: string): UsageError {
  return new UsageError(
    `${address} is not on this machine's loopback, and plain text goes nowhere else: give --peer-cert-file, --peer-key-file and --peer-ca-file ("quorail certs" makes them).`,
  )
}

/** All of them, or none. */
function together(read: OptionReader, options: readonly ServeOption[]): (string | undefined)[] {
  const files = options.map((option) => read.path(option))
  const missing = options.find((_, at) => files[at] === undefined)
  const given = options.find((_, at) => files[at] !== undefined)
  if (missing !== undefined && given !== undefined)
    throw new UsageError(`${read.name(given)} is given, and --${missing} is missing.`)
  return files
}
