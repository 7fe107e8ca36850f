import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { listen } from '../../../tools/product/ports.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { guardFolder } from '../harness/guard.ts'
import type { Callers } from './callers.ts'
import type { Target } from './drivers.ts'
import { hasProgram } from './process-figures.ts'
import { Missing, type RunningSystem } from './system.ts'

const names = ['e1', 'e2', 'e3']

/** Three members with etcd's own defaults, their data under `folder`. */
export async function startEtcd(
  folder: string,
  callers: Callers,
  cleanup: Cleanup,
  program = 'etcd',
): Promise<RunningSystem> {
  if (!program.includes('/') && !hasProgram(program))
    throw new Missing('etcd is not here: apt-get install etcd-server')
  const own = mkdtempSync(path.join(folder, 'etcd-'))
  guardFolder(own)
  const ports = await freePorts(6)
  const client = (i: number) => `http://127.0.0.1:${ports[i]}`
  const peer = (i: number) => `http://127.0.0.1:${ports[i + 3]}`
  const children = names.map((name, i) =>
    start(program, [
      ...['--name', name, '--data-dir', path.join(own, name), '--log-level', 'error'],
      ...['--listen-client-urls', client(i), '--advertise-client-urls', client(i)],
      ...['--listen-peer-urls', peer(i), '--initial-advertise-peer-urls', peer(i)],
      ...['--initial-cluster', names.map((one, at) => `${one}=${peer(at)}`).join(',')],
    ]),
  )
  const stop = async (): Promise<void> => {
    await Promise.all(children.map(end))
    rmSync(own, { recursive: true, force: true })
  }
  cleanup.add(stop)
  const leader = await leaderOf(names.map((_, i) => client(i)))
  const pids = names.map((_, i) => children[i]?.pid ?? 0)
  const [one, other] = [0, 1, 2].filter((i) => i !== leader)
  const target: Target = { kind: 'etcd', leader: client(leader), prefix: 'seat' }
  return {
    processes: async () => ({
      leader: pids[leader] ?? 0,
      follower: pids[one ?? 0] ?? 0,
      'other follower': pids[other ?? 0] ?? 0,
    }),
    run: (order) => callers.run({ ...order, target }),
  }
}

function start(program: string, words: readonly string[]): ChildProcess {
  const child = spawn(program, words, { stdio: 'ignore' })
  child.on('error', () => {})
  return child
}

function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('close', () => resolve())
    child.kill('SIGKILL')
  })
}

/** Over etcd's JSON gateway: who leads, once somebody does. */
async function leaderOf(urls: readonly string[]): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    const answers = await Promise.all(urls.map(status))
    const leader = answers.findIndex((one) => one !== undefined && one.leader === one.id)
    if (leader !== -1 && answers.every((one) => one !== undefined)) return leader
  }
  throw new Error('the members of etcd have not found a leader in 10 s')
}

async function status(url: string): Promise<{ leader: string; id: string } | undefined> {
  try {
    const response = await fetch(`${url}/v3/maintenance/status`, { method: 'POST', body: '{}' })
    const answer = (await response.json()) as { leader?: string; header: { member_id: string } }
    return { leader: answer.leader ?? '', id: answer.header.member_id }
  } catch {
    return undefined
  }
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0, '127.0.0.1')))
  const ports = servers.map((server) => {
    const address = typeof server === 'string' ? null : server.address()
    if (address === null || typeof address === 'string') throw new Error('no free port')
    return address.port
  })
  for (const server of servers) if (typeof server !== 'string') server.close()
  return ports
}
