import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import tls from 'node:tls'
import { CertificateError } from './certificate-error.ts'

/**
 * An authority that this process believes from now on, besides the public ones, in every call that it makes. Who has a
 * cluster's authority can be a node of it, so believing it elsewhere too gives nothing away.
 */
export class BelievedAuthority {
  readonly #file: string
  #text: string
  readonly #others = tls.getCACertificates('default')

  /** Throws a `CertificateError` where `file` holds no certificates. */
  constructor(file: string) {
    this.#file = file
    try {
      this.#text = readFileSync(file, 'utf8')
      this.#believe()
    } catch (error) {
      throw new CertificateError(
        'CERTIFICATE_UNREADABLE',
        `${file} holds no certificate of an authority that could be read: ${String(error)}`,
      )
    }
  }

  /** Looks whether it is another by now. What can not be read is said once, and leaves the one before. */
  async look(): Promise<void> {
    const text = await readFile(this.#file, 'utf8').catch(() => '')
    if (text === this.#text) return
    this.#text = text
    this.#believe()
  }

  #believe(): void {
    const certificates = this.#text.match(
      /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g,
    )
    if (certificates === null) throw new Error('it holds no certificate')
    for (const certificate of certificates) new X509Certificate(certificate)
    tls.setDefaultCACertificates([...this.#others, ...certificates])
  }
}
