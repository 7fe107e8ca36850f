/** The folder of a cluster's certificates: its authority, and a folder for each node, to be copied to it. */
import { X509Certificate } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { UsageError } from '../cli/usage-error.ts'
import { authorityUri, clusterIn, hostsIn, identityUri } from './identity.ts'
import { type Issued, issue } from './issue.ts'
import { daysUntil } from './node-tls.ts'

export interface NodeHosts {
  readonly id: string
  /** Where it is reached, by peers and by clients. */
  readonly hosts: readonly string[]
}

/** A certificate of the folder, as `certs show` prints it. */
export interface CertificateRow {
  readonly file: string
  readonly of: string
  readonly hosts: readonly string[]
  readonly notAfter: string
  readonly daysLeft: number
}

export const authorityFiles = { certificate: 'ca.crt', key: 'ca.key' } as const

const dayMs = 86_400_000
/** So that a machine whose clock is a little behind takes a certificate that was just made. */
const beforeMs = 300_000
const authorityDays = 3_650

/** Makes the authority, and what each node needs. Throws a `UsageError` where there is one already. */
export async function createClusterFolder(
  folder: string,
  clusterId: string,
  nodes: readonly NodeHosts[],
  days: number,
): Promise<readonly CertificateRow[]> {
  if (existsSync(path.join(folder, authorityFiles.certificate)))
    throw new UsageError(
      `${folder} holds the certificates of a cluster already: "quorail certs add" makes those of one more node, "renew" makes a node's anew.`,
    )
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const authority = await issue({
    commonName: `Quorail cluster ${clusterId.slice(0, 8)}`,
    uris: [authorityUri(clusterId)],
    hosts: [],
    use: 'authority',
    ...lasting(authorityDays),
  })
  // The key first: a folder with the certificate is one that is complete.
  write(path.join(folder, authorityFiles.key), authority.key, 0o600)
  write(path.join(folder, authorityFiles.certificate), authority.certificate, 0o644)
  for (const node of nodes) await issueNode(folder, authority, clusterId, node, days)
  return clusterFolderRows(folder)
}

/** For a node that comes later; refused where it has certificates already. */
export async function addNode(folder: string, node: NodeHosts, days: number): Promise<void> {
  const { authority, clusterId } = openAuthority(folder)
  if (existsSync(path.join(folder, node.id)))
    throw new UsageError(
      `${path.join(folder, node.id)} is there already: "quorail certs renew ${node.id}" makes its certificates anew.`,
    )
  await issueNode(folder, authority, clusterId, node, days)
}

/** New keys and certificates of one node, for the same hosts unless others are given. */
export async function renewNode(
  folder: string,
  node: { readonly id: string; readonly hosts: readonly string[] | undefined },
  days: number,
): Promise<void> {
  const { authority, clusterId } = openAuthority(folder)
  const old = path.join(folder, node.id, nodeFiles.peer.certificate)
  if (!existsSync(old))
    throw new UsageError(
      `${folder} has no certificate of ${node.id}: "quorail certs add" makes one.`,
    )
  const hosts = node.hosts ?? hostsIn(readCertificate(old).subjectAltName)
  await issueNode(folder, authority, clusterId, { id: node.id, hosts }, days)
}

/** Every certificate of the folder, the authority's first. */
export function clusterFolderRows(folder: string): readonly CertificateRow[] {
  openCertificate(folder)
  const rows = [rowOf(folder, authorityFiles.certificate)]
  for (const id of readdirSync(folder).sort())
    for (const { certificate } of [nodeFiles.peer, nodeFiles.client]) {
      const file = path.join(id, certificate)
      if (existsSync(path.join(folder, file))) rows.push(rowOf(folder, file))
    }
  return rows
}

/** The cluster that the folder is of. */
export const clusterOf = (folder: string): string => openCertificate(folder).clusterId

export const nodeFiles = {
  peer: { certificate: 'peer.crt', key: 'peer.key' },
  client: { certificate: 'client.crt', key: 'client.key' },
  authority: 'ca.crt',
} as const

async function issueNode(
  folder: string,
  authority: Issued,
  clusterId: string,
  { id, hosts }: NodeHosts,
  days: number,
): Promise<void> {
  const { notBefore, notAfter } = lasting(days)
  const authorityEndsAt = new X509Certificate(authority.certificate).validToDate
  const endsAt = new Date(Math.min(notAfter.getTime(), authorityEndsAt.getTime()))
  const wanted = { commonName: id, hosts, notBefore, notAfter: endsAt }
  const uris = [identityUri({ clusterId, node: id })]
  const peer = await issue({ ...wanted, uris, use: 'peer' }, authority)
  // Of the client port: it names no node, so that it opens no peer's port.
  const client = await issue({ ...wanted, uris: [], use: 'server' }, authority)
  const own = path.join(folder, id)
  mkdirSync(own, { recursive: true, mode: 0o700 })
  for (const [files, issued] of [
    [nodeFiles.peer, peer],
    [nodeFiles.client, client],
  ] as const) {
    write(path.join(own, files.key), issued.key, 0o600)
    write(path.join(own, files.certificate), issued.certificate, 0o644)
  }
  write(path.join(own, nodeFiles.authority), authority.certificate, 0o644)
}

function lasting(days: number): { readonly notBefore: Date; readonly notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now - beforeMs), notAfter: new Date(now + days * dayMs) }
}

function openAuthority(folder: string): {
  readonly authority: Issued
  readonly clusterId: string
} {
  const { certificate, clusterId } = openCertificate(folder)
  const file = path.join(folder, authorityFiles.key)
  try {
    return { authority: { certificate, key: readFileSync(file, 'utf8') }, clusterId }
  } catch (error) {
    throw new UsageError(`The authority's key ${file} can not be read: ${String(error)}`)
  }
}

function openCertificate(folder: string): {
  readonly certificate: string
  readonly clusterId: string
} {
  const file = path.join(folder, authorityFiles.certificate)
  if (!existsSync(file))
    throw new UsageError(
      `${folder} holds no certificates of a cluster: "quorail certs --out ${folder}" makes them.`,
    )
  const certificate = readFileSync(file, 'utf8')
  const clusterId = clusterIn(readCertificate(file).subjectAltName)
  if (clusterId === undefined)
    throw new UsageError(`${file} was not made by "quorail certs": it names no cluster.`)
  return { certificate, clusterId }
}

function readCertificate(file: string): X509Certificate {
  try {
    return new X509Certificate(readFileSync(file))
  } catch (error) {
    throw new UsageError(`${file} is no certificate: ${String(error)}`)
  }
}

function rowOf(folder: string, file: string): CertificateRow {
  const certificate = readCertificate(path.join(folder, file))
  return {
    file,
    of: /URI:(quorail:[^,]+)/.exec(certificate.subjectAltName ?? '')?.[1] ?? 'client port',
    hosts: hostsIn(certificate.subjectAltName),
    notAfter: certificate.validToDate.toISOString(),
    daysLeft: Math.floor(daysUntil(certificate.validToDate)),
  }
}

/** Under its name only when it is whole: a node may read it at any moment. */
function write(file: string, text: string, mode: number): void {
  const draft = `${file}.draft`
  writeFileSync(draft, text, { mode, flush: true })
  renameSync(draft, file)
}
