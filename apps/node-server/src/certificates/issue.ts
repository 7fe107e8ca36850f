/** Makes keys and X.509 certificates: the only place that knows how they are encoded. */
import {
  createHash,
  createPrivateKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  webcrypto,
  X509Certificate,
} from 'node:crypto'
import net from 'node:net'
import { BitString, Integer, OctetString, Utf8String } from 'asn1js'
import {
  AttributeTypeAndValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  CryptoEngine,
  Extension,
  ExtKeyUsage,
  GeneralName,
  GeneralNames,
  type RelativeDistinguishedNames,
} from 'pkijs'

/** A certificate and its key, as PEM. */
export interface Issued {
  readonly certificate: string
  readonly key: string
}

export interface Wanted {
  readonly commonName: string
  /** Identities: `quorail://CLUSTER/NODE`. */
  readonly uris: readonly string[]
  /** Names and IP addresses by which it is reached. */
  readonly hosts: readonly string[]
  /** `peer`: it also dials; `server`: it is only dialled; `authority`: it signs the others. */
  readonly use: 'authority' | 'peer' | 'server'
  readonly notBefore: Date
  readonly notAfter: Date
}

/** Its types are a browser's, of which Node's own are not known to be the same. */
const engine = new CryptoEngine({ name: 'node', crypto: webcrypto as never })
const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const

const oids = {
  commonName: '2.5.4.3',
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
} as const

/** By `authority`, or signed by itself where there is none. ECDSA over P-256, which every TLS library has. */
export async function issue(wanted: Wanted, authority?: Issued): Promise<Issued> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const signer = authority === undefined ? undefined : parsed(authority.certificate)
  const made = new Certificate()
  made.version = 2
  made.serialNumber = new Integer({ valueHex: bufferOf(serialNumber()) })
  setName(made.subject, wanted.commonName)
  setName(made.issuer, signer === undefined ? wanted.commonName : commonNameOf(signer))
  made.notBefore.value = wanted.notBefore
  made.notAfter.value = wanted.notAfter
  const publicCryptoKey = await webcrypto.subtle.importKey('spki', spki, algorithm, true, [
    'verify',
  ])
  await made.subjectPublicKeyInfo.importKey(publicCryptoKey as never, engine)
  const ownKey = keyIdentifier(spki)
  const issuerKey = signer === undefined ? ownKey : keyIdentifier(spkiOf(signer))
  made.extensions = extensionsOf(wanted, ownKey, issuerKey)
  const signingKey = authority === undefined ? privateKey : createPrivateKey(authority.key)
  await made.sign((await signingCryptoKey(signingKey)) as never, 'SHA-256', engine)
  const der = Buffer.from(made.toSchema(true).toBER(false))
  return {
    certificate: parsed(der).toString(),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

const parsed = (certificate: string | Buffer): X509Certificate => new X509Certificate(certificate)

/** What stands behind `CN=` in a name that has nothing else. */
export function commonNameOf(certificate: X509Certificate): string {
  return /^CN=(.*)$/m.exec(certificate.subject)?.[1] ?? ''
}

function signingCryptoKey(key: KeyObject): Promise<webcrypto.CryptoKey> {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  return webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign'])
}

function extensionsOf(
  { use, uris, hosts }: Wanted,
  ownKey: Buffer,
  issuerKey: Buffer,
): Extension[] {
  const isAuthority = use === 'authority'
  const constraints = isAuthority
    ? new BasicConstraints({ cA: true, pathLenConstraint: 0 })
    : new BasicConstraints({})
  const names = [
    ...uris.map((uri) => new GeneralName({ type: 6, value: uri })),
    ...hosts.map(nameOf),
  ]
  const usages = use === 'peer' ? [oids.serverAuth, oids.clientAuth] : [oids.serverAuth]
  const authorityKey = new AuthorityKeyIdentifier({
    keyIdentifier: new OctetString({ valueHex: bufferOf(issuerKey) }),
  })
  return [
    extension(oids.basicConstraints, constraints.toSchema().toBER(false), true),
    extension(oids.keyUsage, keyUsage(isAuthority), true),
    extension(oids.subjectKey, new OctetString({ valueHex: bufferOf(ownKey) }).toBER(false)),
    extension(oids.authorityKey, authorityKey.toSchema().toBER(false)),
    ...(names.length === 0
      ? []
      : [extension(oids.subjectNames, new GeneralNames({ names }).toSchema().toBER(false))]),
    ...(isAuthority
      ? []
      : [
          extension(
            oids.extendedKeyUsage,
            new ExtKeyUsage({ keyPurposes: usages }).toSchema().toBER(false),
          ),
        ]),
  ]
}

const extension = (extnID: string, extnValue: ArrayBuffer, critical = false): Extension =>
  new Extension({ extnID, critical, extnValue })

/** An authority signs certificates and lists of revoked ones; the others sign handshakes. */
function keyUsage(isAuthority: boolean): ArrayBuffer {
  const [bits, unusedBits] = isAuthority ? [0x06, 1] : [0x80, 7]
  return new BitString({ valueHex: bufferOf(Buffer.of(bits)), unusedBits }).toBER(false)
}

function nameOf(host: string): GeneralName {
  const bytes = addressBytes(host)
  return bytes === undefined
    ? new GeneralName({ type: 2, value: host })
    : new GeneralName({ type: 7, value: new OctetString({ valueHex: bufferOf(bytes) }) })
}

/** Of an IP address; undefined for a name. */
function addressBytes(host: string): Buffer | undefined {
  if (net.isIPv4(host)) return Buffer.from(host.split('.').map(Number))
  if (!net.isIPv6(host)) return undefined
  const [head = '', tail] = host.split('::')
  const groups = (text: string | undefined): string[] => (text ? text.split(':') : [])
  const [before, after] = [groups(withoutIPv4(head)), groups(tail && withoutIPv4(tail))]
  const between = Array.from({ length: 8 - before.length - after.length }, () => '0')
  const all = [...before, ...between, ...after].map((group) => Number.parseInt(group, 16))
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 0xff]))
}

/** `::ffff:10.0.0.1` with its last four bytes as two groups. */
function withoutIPv4(text: string): string {
  return text.replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_, ...parts) => {
    const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number)
    return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
  })
}

function setName(name: RelativeDistinguishedNames, commonName: string): void {
  name.typesAndValues = [
    new AttributeTypeAndValue({
      type: oids.commonName,
      value: new Utf8String({ value: commonName }),
    }),
  ]
}

/** Positive, and never twice. */
function serialNumber(): Buffer {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes
}

const spkiOf = (certificate: X509Certificate): Buffer =>
  certificate.publicKey.export({ type: 'spki', format: 'der' })

const keyIdentifier = (spki: Buffer): Buffer =>
  createHash('sha256').update(spki).digest().subarray(0, 20)

/** A buffer of its own: what Node gives is a part of a larger one. */
const bufferOf = (bytes: Uint8Array): ArrayBuffer => Uint8Array.from(bytes).buffer
