import { execFile } from 'node:child_process'
import { repositoryFolder } from './repository.ts'

/** One node as `quorail status --json` prints it. */
export interface NodeStatus {
  readonly id: string
  readonly address: string
  readonly pid: number | null
  readonly role: string
  readonly ready: boolean
  readonly term: number
  readonly commitIndex: number
  readonly appliedIndex: number
  readonly durableIndex: number
  readonly hashIndex: number
  readonly stateHash: string
  readonly clockOffsetMs: number | null
}

/** Asks every member once. Which nodes did not answer is in the rows; a failing command throws. */
export function clusterStatus(
  cluster: string,
  /** Who signs the nodes' certificates. */
  authority?: string,
): Promise<readonly NodeStatus[]> {
  const command = ['apps/node-server/src/main.ts', 'status', '--cluster', cluster, '--json']
  if (authority !== undefined) command.push('--ca', authority)
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      command,
      { cwd: repositoryFolder, timeout: 30_000 },
      (error, stdout, stderr) => {
        try {
          // The exit code also says "a node is down"; the rows are there all the same.
          resolve(JSON.parse(stdout) as readonly NodeStatus[])
        } catch {
          reject(new Error(`quorail status failed: ${stderr.trim() || error?.message || stdout}`))
        }
      },
    )
  })
}

/** All nodes, as soon as each of them answers and one leads; when the time is over, as they are. */
export async function settledStatus(
  cluster: string,
  milliseconds: number,
): Promise<readonly NodeStatus[]> {
  const deadline = Date.now() + milliseconds
  for (;;) {
    const nodes = await clusterStatus(cluster).catch((): readonly NodeStatus[] => [])
    const leaders = nodes.filter(({ role }) => role === 'leader').length
    const followers = nodes.filter(({ role }) => role === 'follower').length
    if (leaders === 1 && leaders + followers === nodes.length) return nodes
    if (Date.now() > deadline) return nodes
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
}

/** Asks until one node leads and serves, or gives up and says what it last saw. */
export async function waitForLeader(
  cluster: string,
  milliseconds: number,
  authority?: string,
): Promise<NodeStatus> {
  const deadline = Date.now() + milliseconds
  let seen = 'nothing'
  while (Date.now() < deadline) {
    try {
      const nodes = await clusterStatus(cluster, authority)
      const leader = nodes.find(({ role, ready }) => role === 'leader' && ready)
      if (leader !== undefined) return leader
      seen = nodes.map(({ id, role }) => `${id} ${role}`).join(', ')
    } catch (error) {
      seen = error instanceof Error ? error.message : String(error)
    }
    await new Promise((resolve) => setTimeout(resolve, 150))
  }
  throw new Error(`No node leads after ${milliseconds / 1000} s. Last seen: ${seen}.`)
}
