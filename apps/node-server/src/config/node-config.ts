import { readFileSync } from 'node:fs'
import path from 'node:path'
import { createSeal, type Seal } from '../auth/seal.ts'
import { clusterIdOf, origin, parseMember, parseMembers } from '../cli/members.ts'
import { UsageError } from '../cli/usage-error.ts'
import type { MemberAddress } from '../host/types.ts'
import type { SkippedEntries } from '../host/unappliable-entry.ts'
import { loopback } from '../http/listen.ts'
import { type Environment, type GivenOptions, readOptions } from './option-sources.ts'
import type { ServeOption } from './serve-options.ts'
import { checkAddresses, type TlsOptions, tlsOptions } from './tls-options.ts'

/** Everything a node is started with. */
export interface NodeConfig extends TlsOptions {
  readonly id: string
  readonly dataFolder: string
  readonly clientPort: number
  readonly peerPort: number
  /** Addresses to listen on. */
  readonly hosts: readonly string[]
  /** The founders; none for a node that joins. */
  readonly members: readonly MemberAddress[]
  /** 32 hexadecimal digits, the same on all founders; '' for a node that joins: it learns it. */
  readonly clusterId: string
  /** Client addresses of members that a node that joins asks; empty for a founder. */
  readonly join: readonly string[]
  /** Where this node is reached. */
  readonly own: MemberAddress
  readonly origins: readonly string[]
  readonly paymentUrl: string | undefined
  readonly paymentSecret: string | undefined
  readonly gatewayUrl: string | undefined
  /** Limits of one passenger, or one address; 0: none. */
  readonly holdsPerMinute: number
  readonly searchesPerMinute: number
  /** A proxy of ours says in X-Forwarded-For where a caller is. */
  readonly behindProxy: boolean
  /** What secrets in the log are sealed with. */
  readonly seal: Seal | undefined
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
  /** 0: never. */
  readonly rehashMs: number
  /** Index and term of entries that are passed over. */
  readonly skippedEntries: SkippedEntries
  /** What the node counts, for Prometheus; undefined: nowhere. */
  readonly metricsPort: number | undefined
  readonly logFile: string | undefined
  readonly logLevel: string
  /** Calls that take longer are logged with the times of their stages; 0: none. */
  readonly slowRequestMs: number
}

export const serveHelp = `quorail serve --id ID --data DIR --client-port N --peer-port N (--cluster MEMBERS | --join URL) [options]

Runs one node of a cluster until SIGTERM or SIGINT. Prints one line of JSON when it is ready.

  --id ID                    its name, one of the cluster's
  --data DIR                 its folder: log/ (the log), state/ (SQLite), node.json (whose folder it is),
                             ticket-key.pem (what it signs tickets with; secret)
  --client-port N            where clients, browsers and webhooks reach it
  --peer-port N              where the other nodes reach it
  --cluster MEMBERS          all founders: "n1=CLIENT_URL,PEER_URL;n2=…", the same on every node
  --join URL                 instead of --cluster, in an empty folder: client addresses of members; may be
                             repeated. It waits until an operator says "quorail members add"; keep the
                             option for later starts
  --advertise URLS           with --join: CLIENT_URL,PEER_URL, where this node is reached (localhost)
  --cluster-id HEX           32 digits, the same on every node (default: from the ids and peer addresses)
  --host ADDRESS             listen there; may be repeated (default: 127.0.0.1 and ::1)
  --peer-cert-file FILE      TLS between the nodes: this node's certificate, which names it ("quorail certs"),
  --peer-key-file FILE       its key,
  --peer-ca-file FILE        and who signs the nodes' certificates. Without the three: plain text, on loopback
                             alone. Read again when they change, or at once on SIGHUP; so are those below
  --client-cert-file FILE    TLS on the client port: its certificate,
  --client-key-file FILE     and its key (without them: plain text)
  --client-ca-file FILE      who signs the other nodes' client ports, besides public authorities (as
                             --peer-ca-file)
  --origin URL               a web origin that may call with credentials; may be repeated
  --payment-url URL          the payment provider
  --payment-secret-file FILE what the provider signs its notices with
  --seal-key-file FILE       the key for second factors, the same on every node: 64 hexadecimal digits a line,
                             the first one seals (openssl rand -hex 32; without it there are none)
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
                             away for a while; who was away longer is sent a snapshot (512; 0.5 is half of one)
  --rehash-minutes N         so often compare the rows of the database with the hash that was recorded with
                             them, beside the work; 0: only those of the state, when the node starts (1440)
  --skip-entry INDEX:TERM    pass over an entry of the log at which every node ends, the same on all nodes; may be
                             repeated. Only as docs/operating/faults.md says (none)
  --metrics-port N           answer GET /metrics for Prometheus there, on the same addresses (nowhere)
  --log-file FILE            log there instead of stderr
  --log-level LEVEL          trace, debug, info, warn, error (info)
  --slow-request-ms N        log calls that take longer, with the times of their stages; 0: none (1000)

Each option may also stand in the environment (--client-port is QUORAIL_NODE_CLIENT_PORT; lists with commas
between) or in a JSON file ({"client-port": 3001, "origin": ["https://…"]}). A flag counts before the
environment, that before the file; what is unknown there is refused.

  --config FILE              the JSON file
  --check                    print what would count and where it is from, without secrets, and do not start

Exit codes: 0 stopped in good order; 1 failed; 2 wrong arguments; 3 refused to start: a person has to
look (corrupt log, wrong folder, damaged database); 4 the disk failed while running; 5 stopped in good
order because an operator asked for a restart: start it again; 6 it was removed from the cluster: do not.
SIGTERM or SIGINT hands leadership over and ends within 4 s; a second signal ends at once.`

/** Throws a `UsageError` that names the option, and where it was given. */
export function parseServeOptions(
  words: readonly string[],
  environment: Environment = {},
): NodeConfig | 'help' {
  const given = readOptions(words, environment)
  return given.help ? 'help' : configOf(given)
}

/** What `given` comes to; refused where it is wrong. */
export function configOf({ options }: GivenOptions): NodeConfig {
  const read = new Reader(options)
  const id = read.required('id')
  const tls = tlsOptions(read)
  const belongs = membership(read, id, tls)
  const hosts = read.list('host') ?? loopback
  checkAddresses(tls, { ...belongs, hosts })
  return {
    id,
    ...belongs,
    ...tls,
    dataFolder: path.resolve(read.required('data')),
    clientPort: read.wholeNumber('client-port', 0, 65_535),
    peerPort: read.wholeNumber('peer-port', 0, 65_535),
    hosts,
    origins: (read.list('origin') ?? []).map(origin),
    paymentUrl: read.origin('payment-url'),
    paymentSecret: read.secret('payment-secret-file'),
    seal: seal(read),
    smtpUrl: smtpUrl(read),
    mailFrom: mailFrom(read),
    holdsPerMinute: read.wholeNumber('holds-per-minute', 0, 100_000),
    searchesPerMinute: read.wholeNumber('searches-per-minute', 0, 100_000),
    behindProxy: read.isOn('behind-proxy'),
    gatewayUrl: read.origin('gateway-url'),
    demoFile: read.path('demo'),
    firstOperatorFile: read.path('first-operator'),
    demoTimeZone: read.required('demo-time-zone'),
    holdMs: read.wholeNumber('hold-ms', 100, 86_400_000),
    retainLogBytes: Math.floor(read.decimal('retain-log-mib', 0, 1_048_576) * 2 ** 20),
    rehashMs: read.wholeNumber('rehash-minutes', 0, 30_000) * 60_000,
    skippedEntries: skippedEntries(read),
    metricsPort:
      read.text('metrics-port') === undefined
        ? undefined
        : read.wholeNumber('metrics-port', 0, 65_535),
    logFile: read.path('log-file'),
    logLevel: read.required('log-level'),
    slowRequestMs: read.wholeNumber('slow-request-ms', 0, 600_000),
  }
}

function skippedEntries(read: Reader): NodeConfig['skippedEntries'] {
  const words = (read.list('skip-entry') ?? []).flatMap((text) => text.split(','))
  return new Map(
    words.map((word) => {
      const [, index, term] = /^([1-9]\d{0,14}):([1-9]\d{0,14})$/.exec(word.trim()) ?? []
      if (index !== undefined && term !== undefined) return [Number(index), Number(term)]
      throw new UsageError(
        `${read.name('skip-entry')} is INDEX:TERM, as the line in the log says them; it is ${word}.`,
      )
    }),
  )
}

/** Of a founder, which is told who the others are; or of a node that joins, which asks. */
function membership(
  read: Reader,
  id: string,
  { clientTls, peerTls }: TlsOptions,
): Pick<NodeConfig, 'members' | 'clusterId' | 'join' | 'own'> {
  const join = (read.list('join') ?? []).flatMap((text) => text.split(',')).map(origin)
  if (join.length > 0) {
    if (read.text('cluster') !== undefined)
      throw new UsageError(
        `Give ${read.name('join')} or ${read.name('cluster')}, not both: a founder is told who the founders are, a node that joins asks.`,
      )
    const port = read.wholeNumber('client-port', 0, 65_535)
    const peerPort = read.wholeNumber('peer-port', 0, 65_535)
    const at = (isSecure: boolean): string => `${isSecure ? 'https' : 'http'}://localhost`
    const urls = [
      `${at(clientTls !== undefined)}:${port}`,
      `${at(peerTls !== undefined)}:${peerPort}`,
    ]
    const advertised = read.text('advertise') ?? urls.join(',')
    return { members: [], clusterId: '', join, own: parseMember(`${id}=${advertised}`) }
  }
  const members = parseMembers(read.required('cluster'))
  const own = members.find((member) => member.id === id)
  if (own === undefined) throw new UsageError(`${read.name('cluster')} names no member ${id}.`)
  const clusterId = read.text('cluster-id') ?? clusterIdOf(members)
  if (!/^[0-9a-f]{32}$/.test(clusterId))
    throw new UsageError(`${read.name('cluster-id')} must be 32 hexadecimal digits, in lower case.`)
  return { members, clusterId, join, own }
}

/** Options by kind; what is wrong is named as it was given. */
class Reader {
  readonly #options: GivenOptions['options']

  constructor(options: GivenOptions['options']) {
    this.#options = options
  }

  name(option: ServeOption): string {
    return this.#options.get(option)?.source || `--${option}`
  }

  text(option: ServeOption): string | undefined {
    const value = this.#options.get(option)?.value
    return typeof value === 'string' ? value : undefined
  }

  required(option: ServeOption): string {
    const value = this.text(option)
    if (value === undefined || value === '')
      throw new UsageError(`${this.name(option)} is missing.`)
    return value
  }

  list(option: ServeOption): readonly string[] | undefined {
    const value = this.#options.get(option)?.value
    return typeof value === 'object' ? value : undefined
  }

  isOn(option: ServeOption): boolean {
    return this.#options.get(option)?.value === true
  }

  wholeNumber(option: ServeOption, least: number, most: number): number {
    const value = this.required(option)
    const number = Number(value)
    if (!/^\d+$/.test(value) || number < least || number > most)
      throw new UsageError(`${this.name(option)} must be a whole number from ${least} to ${most}.`)
    return number
  }

  decimal(option: ServeOption, least: number, most: number): number {
    const value = this.required(option)
    const number = Number(value)
    if (!/^\d+(\.\d{1,3})?$/.test(value) || number < least || number > most)
      throw new UsageError(`${this.name(option)} must be a number from ${least} to ${most}.`)
    return number
  }

  origin(option: ServeOption): string | undefined {
    const value = this.text(option)
    return value && origin(value)
  }

  path(option: ServeOption): string | undefined {
    const value = this.text(option)
    return value && path.resolve(value)
  }

  /** What stands in a file, so that it is not among the process's arguments. */
  secret(option: ServeOption): string | undefined {
    const file = this.text(option)
    if (file === undefined) return undefined
    try {
      return readFileSync(file, 'utf8').trim()
    } catch (error) {
      throw new UsageError(`${this.name(option)} ${file} can not be read: ${String(error)}`)
    }
  }
}

/** Not in the log, not in a backup: whoever has those has no second factor by it. */
function seal(read: Reader): Seal | undefined {
  const text = read.secret('seal-key-file')
  try {
    return text === undefined ? undefined : createSeal(text)
  } catch (error) {
    const file = `${read.name('seal-key-file')} ${read.text('seal-key-file')}`
    throw new UsageError(`${file} is not to be used: ${(error as Error).message}.`)
  }
}

function smtpUrl(read: Reader): string | undefined {
  const text = read.secret('smtp-url-file')
  if (text === undefined) return undefined
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
    throw new UsageError(
      `${read.name('smtp-url-file')} ${read.text('smtp-url-file')} holds no address like smtp://user:password@host:587`,
    )
  return text
}

function mailFrom(read: Reader): string {
  const text = read.required('mail-from')
  if (
    /^([^<>@\r\n]* <)?[^<>@\s]+@[^<>@\s]+>?$/.test(text) &&
    text.includes('<') === text.endsWith('>')
  )
    return text
  throw new UsageError(
    `${read.name('mail-from')} must be an address or "Name <address>", not "${text}".`,
  )
}
