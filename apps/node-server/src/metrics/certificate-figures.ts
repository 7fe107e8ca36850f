import { Counter, Gauge, type Registry } from 'prom-client'
import { type CertificateOf, daysUntil } from '../certificates/node-tls.ts'
import type { OnRefused } from '../peers/refusal-log.ts'

export interface CertificateFigures {
  readonly refused: OnRefused
  /** From now on these are the node's certificates. */
  watch(ends: () => ReadonlyMap<CertificateOf, Date>): void
}

export function createCertificateFigures(registry: Registry): CertificateFigures {
  const registers = [registry]
  let endsOf: () => ReadonlyMap<CertificateOf, Date> = () => new Map()
  new Gauge({
    name: 'quorail_certificate_days_left',
    help: 'Days until a certificate of this node ends: of (peer, client); absent without TLS',
    labelNames: ['of'],
    registers,
    collect() {
      this.reset()
      for (const [of, end] of endsOf()) this.set({ of }, daysUntil(end))
    },
  })
  const refusals = new Counter({
    name: 'quorail_peer_refusals_total',
    help: 'Connections between this node and others that were refused, either way, by code',
    labelNames: ['code'],
    registers,
  })
  return {
    refused: ({ refusal: { code } }) => refusals.inc({ code }),
    watch(ends) {
      endsOf = ends
    },
  }
}
