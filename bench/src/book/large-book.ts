/** A cluster whose nodes have sold much already: a backup is written, and each node restored from it. */
import { execFile } from 'node:child_process'
import { rmSync, statSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { repositoryFolder } from '../../../tools/product/repository.ts'
import type { TestCluster, TestClusterOptions } from '../../../tools/testing/cluster.ts'
import type { Callers } from '../cluster/callers.ts'
import { type Quorail, startQuorail } from '../cluster/quorail.ts'
import { openSales } from '../cluster/railway.ts'
import { RUNS } from '../fsm/railway.ts'
import type { Cleanup } from '../harness/cleanup.ts'

const run = promisify(execFile)

const clusterId = 'b00cb00cb00cb00cb00cb00cb00cb00c'
const dayMs = 86_400_000
const readyWithinMilliseconds = 180_000

export interface Booked extends Quorail {
  /** Of the backup: what a node is sent that has nothing. */
  readonly streamBytes: number
}

export interface BookOptions {
  readonly folder: string
  readonly callers: Callers
  readonly cleanup: Cleanup
  readonly bookings: number
  readonly more?: TestClusterOptions
}

/** Three nodes, each with so many confirmed and paid bookings; and a passenger who may hold more. */
export async function startWithBook(options: BookOptions): Promise<Booked> {
  const { folder, callers, cleanup, bookings, more } = options
  let streamBytes = 0
  const prepare = async (cluster: TestCluster): Promise<void> => {
    const backup = path.join(cluster.folder, 'book')
    await writeBook(backup, bookings)
    streamBytes = statSync(backup).size
    await Promise.all(cluster.nodeIds.map((id) => restore(cluster, id, backup)))
    rmSync(backup)
  }
  const quorail = await startQuorail({
    ...{ folder, callers, cleanup, runs: RUNS, open: openSales },
    more: { ...more, prepare, readyWithinMilliseconds, nodeArguments: ['--cluster-id', clusterId] },
  })
  return { ...quorail, streamBytes }
}

/** Runs begin in 60 days, so that none of them departs while it is measured. */
async function writeBook(file: string, bookings: number): Promise<void> {
  const firstMs = Math.floor(Date.now() / dayMs) * dayMs
  const script = path.join(import.meta.dirname, 'write-book.ts')
  await run(process.execPath, [script, file, String(bookings), String(firstMs)])
}

async function restore(cluster: TestCluster, id: string, backup: string): Promise<void> {
  const words = ['--from', backup, '--data', cluster.dataFolder(id), '--cluster', cluster.cluster]
  await run(process.execPath, [nodeScript, 'restore', ...words, '--cluster-id', clusterId], {
    cwd: repositoryFolder,
  })
}

const nodeScript = 'apps/node-server/src/main.ts'
