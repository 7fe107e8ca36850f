import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { clusterIdOf, origin, parseMembers } from './cli/members.ts'
import { UsageError } from './cli/usage-error.ts'
import type { MemberAddress } from './host/types.ts'
import { loopback } from './http/listen.ts'

/** Everything a node is started with. */
export interface NodeConfig {
  readonly id: string
  readonly dataFolder: string
  readonly clientPort: number
  readonly peerPort: number
  /** Addresses to listen on. */
  readonly hosts: readonly string[]
  readonly members: readonly MemberAddress[]
  /** 32 hexadecimal digits, the same on all founders. */
  readonly clusterId: string
  readonly origins: readonly string[]
  readonly paymentUrl: string | undefined
  readonly paymentSecret: string | undefined
  readonly gatewayUrl: string | undefined
  /** Limits of one passenger, or one address; 0: none. */
  readonly holdsPerMinute: number
  readonly searchesPerMinute: number
  /** A proxy of ours says in X-Forwarded-For where a caller is. */
  readonly behindProxy: boolean
  /** The mail server; undefined: mails are written to the node's folder. */
  readonly smtpUrl: string | undefined
  /** Who mails are from: an address, or `Name <address>`. */
  readonly mailFrom: string
  readonly demoFile: string | undefined
  readonly firstOperatorFile: string | undefined
  readonly demoTimeZone: string
  readonly holdMs: number
  /** Of the log, behind what the database holds. */
  readonly retainLogBytes: number
  /** What the node counts, for Prometheus; undefined: nowhere. */
  readonly metricsPort: number | undefined
  readonly logFile: string | undefined
  readonly logLevel: string
}

export const serveHelp = `quorail serve --id ID --data DIR --client-port N --peer-port N --cluster MEMBERS [options]

Runs one node of a cluster until SIGTERM or SIGINT. Prints one line of JSON when it is ready.

  --id ID                    its name, one of the cluster's
  --data DIR                 its folder: log/ (the log), state/ (SQLite), node.json (whose folder it is),
                             ticket-key.pem (what it signs tickets with; secret)
  --client-port N            where clients, browsers and webhooks reach it
  --peer-port N              where the other nodes reach it
  --cluster MEMBERS          all founders: "n1=CLIENT_URL,PEER_URL;n2=…", the same on every node
  --cluster-id HEX           32 digits, the same on every node (default: from the ids and peer addresses)
  --host ADDRESS             listen there; may be repeated (default: 127.0.0.1 and ::1)
  --origin URL               a web origin that may call with credentials; may be repeated
  --payment-url URL          the payment provider
  --payment-secret-file FILE what the provider signs its notices with
  --smtp-url-file FILE       the mail server, smtp://USER:PASSWORD@HOST:PORT or smtps://…
                             (without it mails are written to DATA/mail, one file each)
  --mail-from ADDRESS        who mails are from (Quorail <tickets@localhost>)
  --holds-per-minute N       holds of one passenger; 0: no limit (0)
  --searches-per-minute N    searches of one passenger, or one address; 0: no limit (0)
  --behind-proxy             callers' addresses are those that our proxy says
  --gateway-url URL          the assistant's gateway; without it the built-in answers serve
  --first-operator FILE      while nobody is staff: register the operator in FILE, {"email": …, "password": …}
                             (mode 0600; may be deleted afterwards)
  --demo FILE                fill an empty cluster with the demo timetable and the logins in FILE
  --demo-time-zone ZONE      in which the demo's trains run (Europe/Lisbon)
  --hold-ms N                how long a hold lasts, fixed when the cluster is founded (600000)
  --retain-log-mib N         keep so much of the log behind what the database holds, for nodes that were
                             away for a while; who was away longer is sent a snapshot (512)
  --metrics-port N           answer GET /metrics for Prometheus there, on the same addresses (nowhere)
  --log-file FILE            log there instead of stderr
  --log-level LEVEL          trace, debug, info, warn, error (info)

Exit codes: 0 stopped in good order; 1 failed; 2 wrong arguments; 3 refused to start: a person has to
look (corrupt log, wrong folder, damaged database); 4 the disk failed while running.
SIGTERM or SIGINT hands leadership over and ends within 4 s; a second signal ends at once.`

/** Throws a `UsageError` that names the option. */
export function parseServeOptions(words: readonly string[]): NodeConfig | 'help' {
  const { values } = parse(words)
  if (values.help) return 'help'
  const id = required(values.id, '--id')
  const members = parseMembers(required(values.cluster, '--cluster'))
  if (!members.some((member) => member.id === id))
    throw new UsageError(`--cluster names no member ${id}.`)
  const clusterId = values['cluster-id'] ?? clusterIdOf(members)
  if (!/^[0-9a-f]{32}$/.test(clusterId))
    throw new UsageError('--cluster-id must be 32 hexadecimal digits, in lower case.')
  const secretFile = values['payment-secret-file']
  return {
    id,
    dataFolder: path.resolve(required(values.data, '--data')),
    clientPort: wholeNumber(values['client-port'], '--client-port', 0, 65_535),
    peerPort: wholeNumber(values['peer-port'], '--peer-port', 0, 65_535),
    hosts: values.host ?? loopback,
    members,
    clusterId,
    origins: (values.origin ?? []).map(origin),
    paymentUrl: values['payment-url'] && origin(values['payment-url']),
    paymentSecret:
      secretFile === undefined ? undefined : readSecret('--payment-secret-file', secretFile),
    smtpUrl: values['smtp-url-file'] && smtpUrl(values['smtp-url-file']),
    mailFrom: mailFrom(values['mail-from']),
    holdsPerMinute: wholeNumber(values['holds-per-minute'], '--holds-per-minute', 0, 100_000),
    searchesPerMinute: wholeNumber(
      values['searches-per-minute'],
      '--searches-per-minute',
      0,
      100_000,
    ),
    behindProxy: values['behind-proxy'],
    gatewayUrl: values['gateway-url'] && origin(values['gateway-url']),
    demoFile: values.demo && path.resolve(values.demo),
    firstOperatorFile: values['first-operator'] && path.resolve(values['first-operator']),
    demoTimeZone: values['demo-time-zone'],
    holdMs: wholeNumber(values['hold-ms'], '--hold-ms', 100, 86_400_000),
    retainLogBytes:
      wholeNumber(values['retain-log-mib'], '--retain-log-mib', 0, 1_048_576) * 2 ** 20,
    metricsPort:
      values['metrics-port'] === undefined
        ? undefined
        : wholeNumber(values['metrics-port'], '--metrics-port', 0, 65_535),
    logFile: values['log-file'] && path.resolve(values['log-file']),
    logLevel: values['log-level'],
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      options: {
        id: { type: 'string' },
        data: { type: 'string' },
        'client-port': { type: 'string' },
        'peer-port': { type: 'string' },
        host: { type: 'string', multiple: true },
        cluster: { type: 'string' },
        'cluster-id': { type: 'string' },
        origin: { type: 'string', multiple: true },
        'payment-url': { type: 'string' },
        'payment-secret-file': { type: 'string' },
        'smtp-url-file': { type: 'string' },
        'mail-from': { type: 'string', default: 'Quorail <tickets@localhost>' },
        'holds-per-minute': { type: 'string', default: '0' },
        'searches-per-minute': { type: 'string', default: '0' },
        'behind-proxy': { type: 'boolean', default: false },
        'gateway-url': { type: 'string' },
        demo: { type: 'string' },
        'first-operator': { type: 'string' },
        'demo-time-zone': { type: 'string', default: 'Europe/Lisbon' },
        'hold-ms': { type: 'string', default: '600000' },
        'retain-log-mib': { type: 'string', default: '512' },
        'metrics-port': { type: 'string' },
        'log-file': { type: 'string' },
        'log-level': { type: 'string', default: 'info' },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function required(value: string | undefined, name: string): string {
  if (value === undefined || value === '') throw new UsageError(`${name} is missing.`)
  return value
}

function wholeNumber(value: string | undefined, name: string, least: number, most: number): number {
  const text = required(value, name)
  const number = Number(text)
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new UsageError(`${name} must be a whole number from ${least} to ${most}.`)
  return number
}

/** With a password in it, so it stands in a file and not among the process's arguments. */
function smtpUrl(file: string): string {
  const text = readSecret('--smtp-url-file', file)
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
    throw new UsageError(
      `--smtp-url-file ${file} holds no address like smtp://user:password@host:587`,
    )
  return text
}

function mailFrom(text: string): string {
  if (
    /^([^<>@\r\n]* <)?[^<>@\s]+@[^<>@\s]+>?$/.test(text) &&
    text.includes('<') === text.endsWith('>')
  )
    return text
  throw new UsageError(`--mail-from must be an address or "Name <address>", not "${text}".`)
}

function readSecret(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    throw new UsageError(`${option} ${file} can not be read: ${String(error)}`)
  }
}
