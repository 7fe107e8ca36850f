import type { X509Certificate } from 'node:crypto'
import type tls from 'node:tls'
import { isSignedBy, type PeerCertificate, readAuthorities } from './own-certificates.ts'

/** Of more than this none can be needed. */
const mostBetween = 8

/**
 * Whether the certificate of a connection that stands, verified when it was made, would be believed by what counts now.
 * Undefined: its handshake is not over, or the connection is.
 */
export function isStillBelieved(
  socket: tls.TLSSocket | undefined,
  { ca }: Pick<PeerCertificate, 'ca'>,
): boolean | undefined {
  const leaf = socket?.getPeerX509Certificate?.()
  return leaf && isSignedBy(leaf, sentWith(leaf), readAuthorities(ca))
}

function sentWith(leaf: X509Certificate): X509Certificate[] {
  const between: X509Certificate[] = []
  let next = leaf.issuerCertificate
  while (next !== undefined && between.length < mostBetween) {
    between.push(next)
    next = next.issuerCertificate
  }
  return between
}
