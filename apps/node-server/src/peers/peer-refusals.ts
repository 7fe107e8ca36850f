/** Why a node and a peer do not speak: by certificate, or by what is said when a stream is opened. */
import type { PeerCertificate as SeenCertificate, TLSSocket } from 'node:tls'
import { type Identity, identityIn } from '../certificates/identity.ts'

/** Stable: logs are searched for it, and it is a label of the figure. */
export type PeerRefusalCode =
  | 'PEER_PLAIN_TEXT'
  | 'PEER_OLD_TLS'
  | 'PEER_WITHOUT_CERTIFICATE'
  | 'PEER_NOT_TRUSTED'
  | 'PEER_EXPIRED'
  | 'PEER_NOT_YET_VALID'
  | 'PEER_NAMES_NO_NODE'
  | 'PEER_OTHER_CLUSTER'
  | 'PEER_OTHER_NODE'
  | 'PEER_NO_MEMBER'
  | 'PEER_UNKNOWN_VERSION'
  | 'PEER_SET_APART'
  | 'PEER_HANDSHAKE_FAILED'

export class PeerRefusal extends Error {
  override readonly name = 'PeerRefusal'
  readonly code: PeerRefusalCode

  constructor(code: PeerRefusalCode, sentence: string) {
    super(sentence)
    this.code = code
  }
}

/** The peer has refused this node, and says why. */
export class RefusedByPeer extends PeerRefusal {}

/** What a peer has answered to a stream, in Connect's words; undefined: it says nothing of who this node is. */
export function refusedByPeer(answer: string): RefusedByPeer | undefined {
  const [, code, why = ''] = /^\[permission_denied\] (PEER_[A-Z_]+): (.*)$/s.exec(answer) ?? []
  if (code === undefined) return undefined
  const known = peerRefusalCodes.find((one) => one === code) ?? 'PEER_HANDSHAKE_FAILED'
  return new RefusedByPeer(known, why.slice(0, maxAnswerLength))
}

const maxAnswerLength = 1_000

/** Who has connected, by a certificate that was verified; throws the `PeerRefusal`. */
export function identityOfCaller(
  socket: TLSSocket,
  clusterId: string,
  isMember: (node: string) => boolean,
): Identity {
  const certificate = socket.getPeerX509Certificate()
  if (certificate === undefined) throw refusal('PEER_WITHOUT_CERTIFICATE')
  // `authorizationError` is the code, whatever its type says.
  if (!socket.authorized) throw refusalByCode(String(socket.authorizationError))
  const identity = checkedIdentity(certificate.subjectAltName, clusterId)
  if (!isMember(identity.node))
    throw refusal('PEER_NO_MEMBER', `its certificate is that of ${identity.node}`)
  return identity
}

/** For `checkServerIdentity`: whether who was dialled is who was meant. */
export function checkDialled(
  { subjectaltname }: Pick<SeenCertificate, 'subjectaltname'>,
  meant: Identity,
): Error | undefined {
  try {
    const { node } = checkedIdentity(subjectaltname, meant.clusterId)
    if (node === meant.node) return undefined
    return refusal(
      'PEER_OTHER_NODE',
      `its certificate is that of ${node}, and ${meant.node} was meant`,
    )
  } catch (error) {
    return error as PeerRefusal
  }
}

/** The refusal behind an error of a connection; undefined: it has nothing to do with certificates. */
export function refusalBehind(error: unknown): PeerRefusal | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof PeerRefusal) return cause
    const code = codeOf(cause)
    if (code.startsWith('ERR_SSL_') || verificationCodes.test(code)) return refusalByCode(code)
  }
  return undefined
}

/** What fails while something is written has OpenSSL's reason in its text alone. */
function codeOf(error: Error): string {
  const code = 'code' in error ? String(error.code) : ''
  const reason = /:SSL routines:[^:]*:([^:]+)/.exec(error.message)?.[1]
  if (code !== 'EPROTO' || reason === undefined) return code
  return `ERR_SSL_${reason.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`
}

/** Of Node's and OpenSSL's codes. */
export function refusalByCode(code: string): PeerRefusal {
  const found = byCode.find(({ says }) => says.test(code))
  return refusal(found?.code ?? 'PEER_HANDSHAKE_FAILED', code)
}

export function refusal(code: PeerRefusalCode, detail?: string): PeerRefusal {
  return new PeerRefusal(code, `${sentences[code]}${detail === undefined ? '.' : ` (${detail}).`}`)
}

function checkedIdentity(names: string | undefined, clusterId: string): Identity {
  const identity = identityIn(names)
  if (identity === undefined) throw refusal('PEER_NAMES_NO_NODE')
  if (identity.clusterId !== clusterId)
    throw refusal('PEER_OTHER_CLUSTER', `${identity.node} of ${identity.clusterId}`)
  return identity
}

const verificationCodes =
  /^(CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|INVALID_PURPOSE$|INVALID_CA$)/

const byCode: readonly { readonly says: RegExp; readonly code: PeerRefusalCode }[] = [
  { says: /^CERT_HAS_EXPIRED$|CERTIFICATE_EXPIRED$/, code: 'PEER_EXPIRED' },
  { says: /^CERT_NOT_YET_VALID$/, code: 'PEER_NOT_YET_VALID' },
  { says: /^INVALID_PURPOSE$/, code: 'PEER_NAMES_NO_NODE' },
  {
    says: /HTTP_REQUEST|WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTPS_PROXY/,
    code: 'PEER_PLAIN_TEXT',
  },
  { says: /UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|ALERT_PROTOCOL_VERSION/, code: 'PEER_OLD_TLS' },
  { says: /CERTIFICATE_REQUIRED|DID_NOT_RETURN_A_CERTIFICATE/, code: 'PEER_WITHOUT_CERTIFICATE' },
  { says: verificationCodes, code: 'PEER_NOT_TRUSTED' },
]

const sentences: Readonly<Record<PeerRefusalCode, string>> = {
  PEER_PLAIN_TEXT:
    'it speaks no TLS: give it --peer-cert-file, --peer-key-file and --peer-ca-file, and https in its address',
  PEER_OLD_TLS: 'it speaks only a version of TLS before 1.3',
  PEER_WITHOUT_CERTIFICATE: 'it shows no certificate',
  PEER_NOT_TRUSTED: "its certificate is not signed by the cluster's authority (--peer-ca-file)",
  PEER_EXPIRED: 'its certificate is not valid any more: "quorail certs renew" makes a new one',
  PEER_NOT_YET_VALID: "its certificate is not valid yet: are both machines' clocks right?",
  PEER_NAMES_NO_NODE: "its certificate is not a node's",
  PEER_OTHER_CLUSTER:
    'it is of another cluster: correct the address by which they reach each other (--members, --join or "quorail members"), or start it on the folder and with the certificate of its own cluster',
  PEER_OTHER_NODE: "its certificate is another node's",
  PEER_NO_MEMBER: 'it is no member of the cluster: it was not added yet, or it was removed',
  PEER_UNKNOWN_VERSION:
    "it speaks a version of the peers' protocol that this node does not know: upgrade one release after the other, every node of the cluster each time",
  PEER_SET_APART:
    'it came back without the log in which it had made promises, and counts for nothing: start a new node with a new name and an empty folder, then "quorail members replace"',
  PEER_HANDSHAKE_FAILED: 'the handshake of TLS failed',
}

export const peerRefusalCodes = Object.keys(sentences) as readonly PeerRefusalCode[]
