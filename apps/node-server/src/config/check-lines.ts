import { identityUri } from '../certificates/identity.ts'
import { readKeyAndCertificate, readPeerCertificate } from '../certificates/own-certificates.ts'
import { pemFiles } from '../certificates/watched-certificate.ts'
import { configOf, type NodeConfig } from './node-config.ts'
import type { GivenOptions } from './option-sources.ts'
import { serveOptionNames } from './serve-options.ts'

/**
 * What would count and where it is from, a line each. Secrets stand in files, of which only the name is shown; a
 * password in an address is left out. Throws what a start would: a `UsageError`, or a
 * `CertificateError`.
 */
export function checkLines(given: GivenOptions): string[] {
  const config = configOf(given)
  const longest = Math.max(...serveOptionNames.map((name) => name.length))
  const lines = serveOptionNames.map((name) => {
    const option = given.options.get(name)
    const shown = option === undefined ? 'not given' : redacted(String(option.value))
    const from = option === undefined ? '' : `  (${option.source || 'default'})`
    return `${name.padEnd(longest)}  ${shown}${from}`
  })
  return [...lines, ...certificateLines(config)]
}

/** What a start would say of the certificates. */
function certificateLines({ id, clusterId, peerTls, clientTls }: NodeConfig): string[] {
  const lines: string[] = []
  if (peerTls !== undefined) {
    const { identity, notAfter } = readPeerCertificate(pemFiles(peerTls), { id, clusterId })
    lines.push(`peer certificate: ${identityUri(identity)} until ${notAfter.toISOString()}`)
  }
  if (clientTls !== undefined) {
    const { notAfter } = readKeyAndCertificate(pemFiles(clientTls))
    lines.push(`client port's certificate: until ${notAfter.toISOString()}`)
  }
  return lines
}

function redacted(text: string): string {
  return text.replaceAll(/(\/\/[^\s/:@]*):[^\s/@]*@/g, '$1:…@')
}
