import type { ConnectRouter } from '@connectrpc/connect'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { MembershipService } from '@quorail/proto/quorail/cluster/v1/membership_pb'
import { firstOperator } from './auth/first-operator.ts'
import type { NodeConfig } from './config/node-config.ts'
import { readDemoLogins } from './demo/logins.ts'
import { seedDemo } from './demo/seed-demo.ts'
import { archiveWork } from './host/archive-work.ts'
import { disruptionWork } from './host/disruption-work.ts'
import { type LeaderJob, startLeaderWork } from './host/leader-work.ts'
import type { RunningHost } from './host/node-host.ts'
import { registerNodes } from './host/register-nodes.ts'
import type { NodeHost } from './host/types.ts'
import type { PlainRoute } from './http/client-port.ts'
import type { Logger } from './log.ts'
import { openMail, sendNotices } from './mail/index.ts'
import { createWebhookHandler, startOutbox, webhookPath } from './payments/index.ts'
import { statusAsker } from './peers/ask-status.ts'
import type { ReportReader } from './reports/report-reader.ts'
import { createClusterService } from './services/cluster-service.ts'
import type { Door } from './services/door.ts'
import { createRoutes } from './services/index.ts'
import { createMembershipService } from './services/membership-service.ts'
import { withToolServices } from './services/tool-services.ts'
import { registerTicketKey } from './tickets/register-ticket-key.ts'
import type { TicketSigner } from './tickets/ticket-signer.ts'
import { dailyOpening } from './timetable/daily-opening.ts'
import { defaultRules } from './timetable/default-rules.ts'
import type { StreamedCallWatch } from './tracing/streamed-calls.ts'
import type { TraceBook } from './tracing/trace-book.ts'
import type { WatchMeter } from './watch/watch-meter.ts'

/** Every service of the client port. */
export function nodeRoutes(
  host: RunningHost,
  config: NodeConfig,
  reports: ReportReader,
  ticketSigner: TicketSigner,
  restart: () => void,
  door: Door,
  watchMeter: WatchMeter,
  streamedCalls: StreamedCallWatch,
  traces: TraceBook,
): (router: ConnectRouter) => void {
  const secureCookies =
    config.origins.length > 0 && config.origins.every((origin) => origin.startsWith('https:'))
  const { gatewayUrl, seal } = config
  const parts = { host, secureCookies, gatewayUrl, reports, ticketSigner, seal, door }
  const booking = createRoutes({ ...parts, watchMeter, streamedCalls })
  return withToolServices(host, (router) => {
    booking(router)
    router.service(ClusterService, createClusterService(host, traces))
    const ask = statusAsker({ withCheckpoints: false }, 2_000)
    const peerTls = config.peerTls !== undefined
    const membership = { host, control: host.control, ask, restart, peerTls }
    router.service(MembershipService, createMembershipService(membership))
  })
}

/** What the payment provider calls. */
export function webhookRoutes(host: NodeHost, config: NodeConfig, log: Logger): PlainRoute[] {
  const secret = config.paymentSecret
  if (secret === undefined) return []
  const handle = createWebhookHandler({ host, secret, log })
  return [{ method: 'POST', path: webhookPath, handle }]
}

export interface NodeWork {
  stop(): Promise<void>
}

/** What a node does of its own accord while it leads. */
export function startNodeWork(
  host: NodeHost,
  config: NodeConfig,
  log: Logger,
  ticketSigner: TicketSigner,
): NodeWork {
  const jobs: Record<string, LeaderJob> = {
    'daily opening': dailyOpening(host),
    'default rules': defaultRules(host),
    'archive of departed runs': archiveWork(host),
    disruptions: disruptionWork(host),
    'addresses of nodes': registerNodes(host, config.members),
    'key for tickets': async () => void (await registerTicketKey(host, ticketSigner)),
  }
  const mail = openMail(config)
  jobs.notices = sendNotices({ host, mail, log })
  if (config.firstOperatorFile !== undefined)
    jobs['first operator'] = firstOperator({ host, file: config.firstOperatorFile, log })
  const { paymentUrl, paymentSecret, demoFile, demoTimeZone: timeZone } = config
  if (demoFile !== undefined && paymentUrl !== undefined)
    jobs['demo seeding'] = seedDemo({
      host,
      logins: readDemoLogins(demoFile),
      paymentUrl,
      timeZone,
      onSkipped: (step, code) => log.warn({ step, code }, 'the demo goes on without a step'),
    })
  const running = Object.entries(jobs).map(([name, job]) =>
    startLeaderWork(host, job, (error) =>
      log.warn({ job: name, error: String(error) }, 'a job of the leader failed and starts again'),
    ),
  )
  if (paymentUrl !== undefined && paymentSecret !== undefined)
    running.push(startOutbox({ host, providerUrl: paymentUrl, secret: paymentSecret, log }))
  return {
    async stop() {
      await Promise.all(running.map((one) => one.stop()))
      mail.close()
    },
  }
}
