import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { WorthlessRun } from '../worthless-run.ts'
import { type Fault, type FaultContext, pause, waitForSales } from './fault.ts'

/** The moments of a snapshot, as they show in the folders: who has what, `log` or `state`, and how it is named. */
const steps = [
  { name: 'taking', of: 'sender', folder: 'log', file: /\.capturing$/ },
  { name: 'sending', of: 'receiver', folder: 'log', file: /\.fetching$/ },
  { name: 'received', of: 'receiver', folder: 'log', file: /\.snapshot$/ },
  { name: 'installing', of: 'receiver', folder: 'state', file: /\.draft$/ },
  { name: 'installed', of: 'receiver', folder: 'state', file: /^(?!1\.db)\d+\.db$/ },
] as const

type Step = (typeof steps)[number]

const victims = ['receiver', 'sender', 'both'] as const

/** From the step on; a step takes a few milliseconds. */
const mostMsAfterStep = 12
const withinMs = 180_000

/**
 * A follower was away for longer than the log is kept, and is sent the state while everybody sells; it, or who sends it, or both are
 * killed in the middle of it. In the end it is where the others are, which it can not be without one.
 */
export const snapshot: Fault = async (context) => {
  const { cluster, random } = context
  const step = random.pick(steps)
  const victim = victims[random.between(0, victims.length - 1)] ?? 'both'
  const { id: leader } = await cluster.waitForLeader()
  const others = cluster.nodes.filter((node) => node !== leader)
  const away = random.pick(others)
  const fromMs = performance.now()
  const before = installed(context, away)
  await cluster.kill(away)
  const { commitIndex } = await cluster.waitForLeader()
  const staying = cluster.nodes.filter((node) => node !== away)
  await until('the log behind it is gone', () =>
    staying.every((node) => compactedTo(context, node) > commitIndex),
  )
  // Whether it has one already: what it has from an earlier time shows nothing.
  const old = new Set(staying.concat(away).flatMap((node) => files(context, node, step)))
  const started = cluster.start(away).catch(() => undefined)
  const seen = await atStep(context, away, staying, step, old, before)
  await pause(random.between(0, mostMsAfterStep))
  const sender = (await cluster.leader())?.id ?? leader
  const killed = victim === 'both' ? [away, sender] : [victim === 'receiver' ? away : sender]
  const exits = await Promise.all(killed.map((node) => cluster.kill(node)))
  await started
  if (exits.some(({ signal }) => signal !== 'SIGKILL'))
    throw new WorthlessRun(`${killed.join(', ')} did not die by SIGKILL.`)
  await Promise.all(killed.map((node) => cluster.start(node)))
  await waitForSales(context, withinMs)
  // The log behind it is gone everywhere: so it has been sent the state, whether or not its line got into its log.
  await caughtUp(context, away)
  return {
    kind: `kill while ${step.name}`,
    fromMs,
    toMs: performance.now(),
    nodes: killed,
    proof: {
      receiver: away,
      sender,
      killed: victim,
      seen: seen ? 'yes' : 'it was over',
      kills: 1 + killed.length,
    },
  }
}

/**
 * What attempts have left in the folder of a node that was stopped: drafts, half a snapshot, and all but one database. Several
 * whole snapshots are no leftovers: one that was fetched is kept for a minute, for who comes again.
 */
export function leftovers(dataFolder: string): readonly string[] {
  const state = readdirSync(path.join(dataFolder, 'state'))
  const log = readdirSync(path.join(dataFolder, 'log'))
  const databases = state.filter((name) => /^\d+\.db$/.test(name))
  const drafts = state.filter((name) => name.includes('.draft'))
  const halves = log.filter((name) => /\.(capturing|fetching)$/.test(name))
  return [...drafts, ...halves, ...databases.slice(1)]
}

/** False: the follower has it already, and the step has passed unseen. */
async function atStep(
  context: FaultContext,
  away: string,
  staying: readonly string[],
  step: Step,
  old: ReadonlySet<string>,
  before: number,
): Promise<boolean> {
  const nodes = step.of === 'sender' ? staying : [away]
  const deadline = performance.now() + withinMs
  for (let look = 1; ; look++) {
    for (const node of nodes)
      if (files(context, node, step).some((file) => !old.has(file))) return true
    if (look % 50 === 0 && installed(context, away) > before) return false
    if (performance.now() > deadline) throw new WorthlessRun(`${away} was sent no state.`)
    await pause(1)
  }
}

function files({ cluster }: FaultContext, node: string, { folder, file }: Step): readonly string[] {
  const all = path.join(cluster.dataFolder(node), folder)
  const names = existsSync(all) ? readdirSync(all) : []
  return names.filter((name) => file.test(name)).map((name) => path.join(all, name))
}

const logOf = ({ cluster }: FaultContext, node: string): string =>
  readFileSync(cluster.logFile(node), 'utf8')

const installed = (context: FaultContext, node: string): number =>
  logOf(context, node).split('"type":"snapshotInstalled"').length - 1

/** Where the log of the node began last. */
function compactedTo(context: FaultContext, node: string): number {
  const log = logOf(context, node)
  const last = log.slice(Math.max(0, log.lastIndexOf('"type":"compacted"')))
  return Number(/^"type":"compacted","index":(\d+)/.exec(last)?.[1] ?? 0)
}

async function caughtUp({ cluster }: FaultContext, node: string): Promise<void> {
  const wanted = (await cluster.waitForLeader(withinMs)).commitIndex
  await until(`${node} is where the others are`, async () =>
    (await cluster.states()).some(({ id, appliedIndex }) => id === node && appliedIndex >= wanted),
  )
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs / 1000} s: ${what}.`)
    await pause(50)
  }
}
