/** The certificates that a node is given, and whether it may use them. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { CertificateError } from './certificate-error.ts'
import { type Identity, identityIn } from './identity.ts'

/** Texts of PEM files, with the names they are known by. */
export interface PemFile {
  readonly file: string
  readonly text: string
}

/** As TLS wants them. */
export interface KeyAndCertificate {
  readonly cert: string
  readonly key: string
  readonly notAfter: Date
}

export interface PeerCertificate extends KeyAndCertificate {
  readonly ca: string
  readonly identity: Identity
}

export interface PeerFiles {
  readonly certificate: PemFile
  readonly key: PemFile
  readonly authority: PemFile
}

/** What a node with this name may use towards its peers. `clusterId` is '' while it does not know its cluster. */
export function readPeerCertificate(
  files: PeerFiles,
  expected: { readonly id: string; readonly clusterId: string },
  now = Date.now(),
): PeerCertificate {
  const { certificate, authority } = files
  const own = readKeyAndCertificate(files, now)
  const identity = identityOf(files, expected)
  const [leaf, ...between] = certificatesIn(certificate)
  if (leaf !== undefined && !isSignedBy(leaf, between, certificatesIn(authority)))
    throw new CertificateError(
      'CERTIFICATE_NOT_BY_AUTHORITY',
      `${certificate.file} was not signed by the authority in ${authority.file}: the other nodes would not believe it.`,
    )
  return { ...own, ca: authority.text, identity }
}

/** Certificate and key that belong together, at a time at which they are valid. */
export function readKeyAndCertificate(
  { certificate, key }: { readonly certificate: PemFile; readonly key: PemFile },
  now = Date.now(),
): KeyAndCertificate {
  const [leaf] = certificatesIn(certificate)
  if (leaf === undefined) throw unreadable(certificate, 'it holds no certificate')
  if (!leaf.checkPrivateKey(keyIn(key)))
    throw new CertificateError(
      'CERTIFICATE_KEY_MISMATCH',
      `The key in ${key.file} is not that of the certificate in ${certificate.file}.`,
    )
  const notAfter = leaf.validToDate
  if (now >= notAfter.getTime())
    throw new CertificateError(
      'CERTIFICATE_EXPIRED',
      `The certificate in ${certificate.file} was valid until ${notAfter.toISOString()}: "quorail certs renew" makes a new one.`,
    )
  if (now < leaf.validFromDate.getTime())
    throw new CertificateError(
      'CERTIFICATE_NOT_YET_VALID',
      `The certificate in ${certificate.file} is valid from ${leaf.validFromDate.toISOString()} on: is this machine's clock right?`,
    )
  return { cert: certificate.text, key: key.text, notAfter }
}

function identityOf(
  { certificate }: PeerFiles,
  expected: { readonly id: string; readonly clusterId: string },
): Identity {
  const [leaf] = certificatesIn(certificate)
  const identity = identityIn(leaf?.subjectAltName)
  if (identity === undefined)
    throw new CertificateError(
      'CERTIFICATE_NAMES_NO_NODE',
      `The certificate in ${certificate.file} names no node: towards its peers a node needs one with quorail://CLUSTER/${expected.id} among its names.`,
    )
  if (identity.node !== expected.id)
    throw new CertificateError(
      'CERTIFICATE_OTHER_NODE',
      `The certificate in ${certificate.file} is that of ${identity.node}, and this node is ${expected.id}.`,
    )
  checkCluster(identity, expected.clusterId, certificate.file)
  return identity
}

/** A node that joins learns later whose it is. */
export function checkCluster(identity: Identity, clusterId: string, file: string): void {
  if (clusterId === '' || identity.clusterId === clusterId) return
  throw new CertificateError(
    'CERTIFICATE_OTHER_CLUSTER',
    `The certificate in ${file} is of cluster ${identity.clusterId}, and this node's cluster is ${clusterId}. "quorail certs" makes it from the same --cluster or --cluster-id.`,
  )
}

/** What is in the text of a file of authorities that may be used. */
export function readAuthorities(ca: string): readonly X509Certificate[] {
  return certificatesIn({ file: 'the authorities', text: ca })
}

function certificatesIn(pem: PemFile): X509Certificate[] {
  const blocks = pem.text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)
  if (blocks === null) throw unreadable(pem, 'it holds no certificate')
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch (error) {
    throw unreadable(pem, String(error))
  }
}

function keyIn(pem: PemFile): KeyObject {
  try {
    return createPrivateKey(pem.text)
  } catch {
    // The reason of OpenSSL says nothing, and might say too much.
    throw unreadable(pem, 'it holds no private key, or one with a password')
  }
}

/** By one of `authorities`, perhaps by way of those that come with it. */
export function isSignedBy(
  leaf: X509Certificate,
  between: readonly X509Certificate[],
  authorities: readonly X509Certificate[],
): boolean {
  const signed = (by: X509Certificate): boolean => leaf.checkIssued(by) && leaf.verify(by.publicKey)
  if (authorities.some(signed)) return true
  const next = between.find(signed)
  return (
    next !== undefined &&
    isSignedBy(
      next,
      between.filter((it) => it !== next),
      authorities,
    )
  )
}

const unreadable = ({ file }: PemFile, why: string): CertificateError =>
  new CertificateError('CERTIFICATE_UNREADABLE', `${file} can not be used: ${why}.`)
