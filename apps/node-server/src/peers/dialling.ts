import type { PeerCertificate as SeenCertificate } from 'node:tls'
import type { PeerCertificate } from '../certificates/own-certificates.ts'
import type { Current } from '../certificates/watched-certificate.ts'
import { isLoopback } from '../http/listen.ts'
import { type DeliverCall, type DeliverCallOptions, openDeliverCall } from './deliver-call.ts'
import { checkDialled } from './peer-refusals.ts'

export interface Dialling extends Omit<DeliverCallOptions, 'secure'> {
  readonly peer: string
  readonly certificate?: Current<PeerCertificate> | undefined
}

/** A connection to a peer, on any lane; or why none is to be made, in words. */
export function dialPeer({ peer, certificate, ...options }: Dialling): DeliverCall | string {
  const wrong = wrongAddress(options.url, certificate !== undefined)
  if (wrong !== undefined) return wrong
  return openDeliverCall({
    ...options,
    secure: certificate && secureOptions(certificate.get(), peer),
  })
}

/** An operator may have said it later than this node was started. */
function wrongAddress(url: string, hasTls: boolean): string | undefined {
  const { protocol, hostname } = new URL(url)
  if (hasTls && protocol !== 'https:')
    return `its address ${url} is without TLS, which this node does not speak; "quorail members add" says its right one`
  if (!hasTls && protocol === 'https:')
    return `its address ${url} is with TLS, and this node has no --peer-cert-file`
  if (!hasTls && !isLoopback(hostname))
    return `its address ${url} is on another machine, and plain text goes to none`
  return undefined
}

function secureOptions({ cert, key, ca, identity }: PeerCertificate, peer: string) {
  const meant = { clusterId: identity.clusterId, node: peer }
  return {
    cert,
    key,
    ca,
    minVersion: 'TLSv1.3',
    // Where a node is reached may change; who it is may not.
    checkServerIdentity: (_host: string, seen: SeenCertificate) => checkDialled(seen, meant),
  } as const
}
