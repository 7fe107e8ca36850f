import { StartRefusedError } from '../storage/start-refused.ts'

/** What is wrong with a certificate of this node's own. Stable: logs are searched for it. */
export const certificateErrorCodes = [
  'CERTIFICATE_UNREADABLE',
  'CERTIFICATE_KEY_MISMATCH',
  'CERTIFICATE_EXPIRED',
  'CERTIFICATE_NOT_YET_VALID',
  'CERTIFICATE_NOT_BY_AUTHORITY',
  'CERTIFICATE_NAMES_NO_NODE',
  'CERTIFICATE_OTHER_NODE',
  'CERTIFICATE_OTHER_CLUSTER',
] as const

export type CertificateErrorCode = (typeof certificateErrorCodes)[number]

/** A node does not start with it, and a running one keeps what it has. */
export class CertificateError extends StartRefusedError {
  readonly code: CertificateErrorCode

  constructor(code: CertificateErrorCode, sentence: string) {
    super(sentence)
    this.code = code
  }
}
