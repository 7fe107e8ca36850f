/** Certificates for tests: of several authorities, nodes and clusters, valid or not. */
import { identityUri } from '../certificates/identity.ts'
import { type Issued, issue } from '../certificates/issue.ts'
import type { PeerCertificate } from '../certificates/own-certificates.ts'
import type { Current } from '../certificates/watched-certificate.ts'

export const testCluster = '0123456789abcdef0123456789abcdef'

const hourMs = 3_600_000

export interface TestCertificate {
  readonly node: string
  readonly clusterId?: string
  /** Hours from now; below 0: it is over. */
  readonly endsInHours?: number
  readonly use?: 'peer' | 'server'
}

export function newAuthority(): Promise<Issued> {
  const now = Date.now()
  return issue({
    commonName: 'authority',
    uris: [],
    hosts: [],
    use: 'authority',
    notBefore: new Date(now - 48 * hourMs),
    notAfter: new Date(now + 48 * hourMs),
  })
}

export function certificateOf(
  authority: Issued,
  { node, clusterId = testCluster, endsInHours = 24, use = 'peer' }: TestCertificate,
): Promise<Issued> {
  const now = Date.now()
  return issue(
    {
      commonName: node,
      uris: use === 'peer' ? [identityUri({ clusterId, node })] : [],
      hosts: ['localhost', '127.0.0.1', '::1'],
      use,
      notBefore: new Date(now - 47 * hourMs),
      notAfter: new Date(now + endsInHours * hourMs),
    },
    authority,
  )
}

/** As a node holds it, without a look at whether it may. */
export async function peerCertificate(
  authority: Issued,
  wanted: TestCertificate,
  believes: Issued = authority,
): Promise<Current<PeerCertificate> & { set(value: PeerCertificate): void }> {
  const { clusterId = testCluster, node, endsInHours = 24 } = wanted
  const { certificate, key } = await certificateOf(authority, wanted)
  let value: PeerCertificate = {
    cert: certificate,
    key,
    ca: believes.certificate,
    identity: { clusterId, node },
    notAfter: new Date(Date.now() + endsInHours * hourMs),
  }
  const listeners: ((value: PeerCertificate) => void)[] = []
  return {
    get: () => value,
    onChange: (listener) => listeners.push(listener),
    set(next) {
      value = next
      for (const listener of listeners) listener(next)
    },
  }
}
