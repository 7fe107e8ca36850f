/** A node's certificates while it runs: read, watched, and said when they end. */
import type { NodeConfig } from '../config/node-config.ts'
import type { TlsOptions } from '../config/tls-options.ts'
import type { Logger } from '../log.ts'
import { BelievedAuthority } from './believed-authority.ts'
import type { CertificateError } from './certificate-error.ts'
import {
  checkCluster,
  type KeyAndCertificate,
  type PeerCertificate,
  readKeyAndCertificate,
  readPeerCertificate,
} from './own-certificates.ts'
import { WatchedCertificate } from './watched-certificate.ts'

export type CertificateOf = 'peer' | 'client'

export interface NodeTls {
  readonly peer:
    | WatchedCertificate<'certificate' | 'key' | 'authority', PeerCertificate>
    | undefined
  readonly client: WatchedCertificate<'certificate' | 'key', KeyAndCertificate> | undefined
  /** The ends of those that there are. */
  ends(): ReadonlyMap<CertificateOf, Date>
  /** The node knows its cluster now; throws a `CertificateError` where the certificate is another's. */
  expectCluster(clusterId: string): void
  close(): Promise<void>
}

const lookEveryMs = 10_000
const dayMs = 86_400_000
/** From then on it is said every day. */
export const warnWithinDays = 30

/** Reads what the options name; throws a `CertificateError` where it may not be used. */
export function openNodeTls(
  config: Pick<NodeConfig, 'id' | 'clusterId' | keyof TlsOptions>,
  log: Logger,
): NodeTls {
  let { clusterId } = config
  const { id, peerTls, clientTls, clientAuthority } = config
  const telling = (of: CertificateOf) => ({
    onRenewed: ({ notAfter }: KeyAndCertificate) =>
      log.info({ of, notAfter }, 'certificate renewed: it counts for new connections'),
    onRefused: ({ code, message }: CertificateError) =>
      log.error({ of, code }, `${message} The one before goes on counting.`),
  })
  const peer =
    peerTls &&
    new WatchedCertificate({
      files: peerTls,
      read: (files) => readPeerCertificate(files, { id, clusterId }),
      ...telling('peer'),
    })
  const client =
    clientTls &&
    new WatchedCertificate({
      files: clientTls,
      read: (files) => readKeyAndCertificate(files),
      ...telling('client'),
    })
  // For the calls to the other nodes' client ports, which follow the leader or ask how a node is.
  const believed =
    clientAuthority === undefined ? undefined : new BelievedAuthority(clientAuthority)
  const ends = (): ReadonlyMap<CertificateOf, Date> =>
    new Map([
      ...(peer === undefined ? [] : [['peer', peer.get().notAfter] as const]),
      ...(client === undefined ? [] : [['client', client.get().notAfter] as const]),
    ])
  const look = (): void => {
    for (const one of [peer, client, believed])
      one?.look().catch((error) => log.error({ error: String(error) }, 'certificates not read'))
  }
  const timers = [
    setInterval(look, lookEveryMs).unref(),
    setInterval(() => warn(ends(), log), dayMs).unref(),
  ]
  if (ends().size > 0 || believed !== undefined) process.on('SIGHUP', look)
  warn(ends(), log)
  return {
    peer,
    client,
    ends,
    expectCluster(known) {
      if (peer !== undefined && peerTls !== undefined)
        checkCluster(peer.get().identity, known, peerTls.certificate)
      clusterId = known
    },
    async close() {
      process.off('SIGHUP', look)
      for (const timer of timers) clearInterval(timer)
    },
  }
}

/** Days until `end`; below 0 when it is over. */
export const daysUntil = (end: Date, now = Date.now()): number => (end.getTime() - now) / dayMs

function warn(ends: ReadonlyMap<CertificateOf, Date>, log: Logger): void {
  for (const [of, notAfter] of ends) {
    const days = Math.floor(daysUntil(notAfter))
    if (days <= warnWithinDays)
      log.warn(
        { of, notAfter, daysLeft: days },
        days < 0
          ? 'the certificate is over: nobody who connects anew believes it; "quorail certs renew" makes a new one'
          : `the certificate ends in ${days} days: "quorail certs renew" makes a new one, which is taken up without a restart`,
      )
  }
}
