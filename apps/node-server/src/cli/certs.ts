import { randomBytes } from 'node:crypto'
import path from 'node:path'
import {
  addNode,
  type CertificateRow,
  clusterFolderRows,
  clusterOf,
  createClusterFolder,
  type NodeHosts,
  renewNode,
} from '../certificates/cluster-folder.ts'
import { warnWithinDays } from '../certificates/node-tls.ts'
import type { MemberAddress } from '../host/types.ts'
import { exitCodes } from './exit-codes.ts'
import { clusterIdOf, parseMembers } from './members.ts'
import { parseWords } from './parse-words.ts'
import { UsageError } from './usage-error.ts'

export const certsHelp = `quorail certs [WHAT] --out DIR [options]: certificates for TLS between the nodes, and for their client ports

  create           the cluster's own authority and what each node needs (this alone: the same); DIR must be new
      --cluster MEMBERS    the founders with their addresses, as for serve
      --nodes n1,n2,…      instead: names alone, with --hosts; prints the --cluster-id to start them with
      --cluster-id HEX     32 digits, if serve is given them
  add NODE         for a node that joins later
  renew NODE       new keys and certificates of a node, for the same hosts unless --hosts is given
  show             what there is and how many days are left

  --out DIR        ca.crt and ca.key (keep that one away from the nodes), and for each node a folder that it is
                   given: ca.crt, peer.crt, peer.key, client.crt, client.key. Keys have mode 0600
  --hosts LIST     names and addresses by which the nodes are reached, besides those of --cluster
                   (localhost,127.0.0.1,::1 if there are no others)
  --days N         how long the nodes' certificates last (365); the authority's lasts ten years
  --json           prints clusterId, and for each certificate: file, of, hosts, notAfter, daysLeft

Nothing is overwritten but by "renew", and that is taken up by a running node within 10 s, or at once on SIGHUP.

Exit codes: 0 done; 1 "show" found one that is over, or has 30 days or less; 2 wrong arguments.`

/** Makes or shows certificates; resolves to the exit code. */
export async function certs(words: readonly string[]): Promise<number> {
  const { values, positionals } = parse(words)
  if (values.help) {
    process.stdout.write(`${certsHelp}\n`)
    return exitCodes.done
  }
  const [what = 'create', ...rest] = positionals
  const action = Object.hasOwn(actions, what) ? actions[what] : undefined
  if (action === undefined)
    throw new UsageError(
      `There is no "certs ${what}". There are: ${Object.keys(actions).join(', ')}.`,
    )
  if (values.out === undefined) throw new UsageError('--out is missing.')
  const folder = path.resolve(values.out)
  const rows = await action({ folder, days: daysOf(values.days), options: values }, rest)
  print(clusterOf(folder), rows, values.json)
  const isSoonOver = rows.some(({ daysLeft }) => daysLeft <= warnWithinDays)
  return what === 'show' && isSoonOver ? exitCodes.failed : exitCodes.done
}

type Options = ReturnType<typeof parse>['values']

interface Asked {
  readonly folder: string
  readonly days: number
  readonly options: Options
}

type Action = (asked: Asked, words: readonly string[]) => Promise<readonly CertificateRow[]>

const actions: Readonly<Record<string, Action>> = {
  async create({ folder, days, options }, words) {
    if (words.length > 0) throw new UsageError('It looks like: quorail certs create --out DIR')
    const { clusterId, nodes } = clusterFrom(options)
    return createClusterFolder(folder, clusterId, nodes, days)
  },
  async add({ folder, days, options }, words) {
    const id = nodeIn(words, 'add')
    await addNode(folder, { id, hosts: hostsFrom(options) ?? localHosts }, days)
    return rowsOf(folder, id)
  },
  async renew({ folder, days, options }, words) {
    const id = nodeIn(words, 'renew')
    await renewNode(folder, { id, hosts: hostsFrom(options) }, days)
    return rowsOf(folder, id)
  },
  async show({ folder }) {
    return clusterFolderRows(folder)
  },
}

const localHosts: readonly string[] = ['localhost', '127.0.0.1', '::1']

function rowsOf(folder: string, id: string): readonly CertificateRow[] {
  return clusterFolderRows(folder).filter(({ file }) => path.dirname(file) === id)
}

function clusterFrom(options: Options): {
  readonly clusterId: string
  readonly nodes: readonly NodeHosts[]
} {
  const { cluster, nodes: names } = options
  if ((cluster === undefined) === (names === undefined))
    throw new UsageError('Give --cluster or --nodes: of whom the certificates are.')
  const given = options['cluster-id']
  if (given !== undefined && !/^[0-9a-f]{32}$/.test(given))
    throw new UsageError('--cluster-id must be 32 hexadecimal digits, in lower case.')
  const more = hostsFrom(options) ?? []
  if (cluster !== undefined) {
    const members = parseMembers(cluster)
    const nodes = members.map((member) => ({
      id: checkedName(member.id),
      hosts: hostsOf(member, more),
    }))
    return { clusterId: given ?? clusterIdOf(members), nodes }
  }
  const ids = listOf(names).map(checkedName)
  if (new Set(ids).size < ids.length || ids.length === 0)
    throw new UsageError('--nodes must name each node once.')
  const hosts = more.length > 0 ? more : localHosts
  return {
    clusterId: given ?? randomBytes(16).toString('hex'),
    nodes: ids.map((id) => ({ id, hosts })),
  }
}

/** Of its addresses; who is reached as localhost is also reached by the addresses of that. */
function hostsOf({ clientUrl, peerUrl }: MemberAddress, more: readonly string[]): string[] {
  const own = [clientUrl, peerUrl].map((url) => new URL(url).hostname.replaceAll(/[[\]]/g, ''))
  const local = own.includes('localhost') ? localHosts : []
  return [...new Set([...own, ...local, ...more])]
}

function hostsFrom({ hosts }: Options): readonly string[] | undefined {
  if (hosts === undefined) return undefined
  const all = listOf(hosts)
  for (const host of all)
    if (!/^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^[0-9a-fA-F:.]+$/.test(host))
      throw new UsageError(
        `"${host}" in --hosts is no name and no address: without scheme and port.`,
      )
  return all
}

const listOf = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

function nodeIn(words: readonly string[], what: string): string {
  const [id, ...more] = words
  if (id === undefined || more.length > 0)
    throw new UsageError(`It looks like: quorail certs ${what} NODE --out DIR`)
  return checkedName(id)
}

function checkedName(id: string): string {
  if (!/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}$/.test(id))
    throw new UsageError(
      `"${id}" is no name for a node: up to 64 letters (a to z, A to Z), digits, ".", "_" and "-".`,
    )
  return id
}

function daysOf(text: string): number {
  const days = Number(text)
  if (!Number.isInteger(days) || days < 1 || days > 3_650)
    throw new UsageError('--days must be a whole number from 1 to 3650.')
  return days
}

function print(clusterId: string, rows: readonly CertificateRow[], json: boolean): void {
  if (json) {
    process.stdout.write(`${JSON.stringify({ clusterId, certificates: rows }, null, 2)}\n`)
    return
  }
  const longest = Math.max(...rows.map(({ file }) => file.length))
  const lines = rows.map(({ file, notAfter, daysLeft, hosts }) => {
    const left = daysLeft < 0 ? 'is over' : `${daysLeft} days left`
    return `${file.padEnd(longest)}  until ${notAfter.slice(0, 10)} (${left})  ${hosts.join(', ')}`
  })
  process.stdout.write(
    `--cluster-id ${clusterId}\n${lines.map((line) => line.trimEnd()).join('\n')}\n`,
  )
}

function parse(words: readonly string[]) {
  return parseWords(words, {
    allowPositionals: true,
    options: {
      out: { type: 'string' },
      cluster: { type: 'string' },
      nodes: { type: 'string' },
      'cluster-id': { type: 'string' },
      hosts: { type: 'string' },
      days: { type: 'string', default: '365' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
}
