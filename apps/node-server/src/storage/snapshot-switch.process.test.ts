/** A node that takes a snapshot is killed before each thing that it does to its files, one after the other. */
import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stateHash } from '@quorail/booking-fsm'
import { expect, onTestFinished, test } from 'vitest'
import { compilePreload } from '../../../../tools/testing/c-compiler.ts'
import { drawFrom } from '../testing/hostile-messages.ts'
import { drain, reader, StateNode } from '../testing/state-node.ts'
import { currentGeneration, removeOldGenerations } from './generations.ts'
import { loadDatabase } from './load-database.ts'

const isCi = process.env.CI !== undefined && process.env.CI !== ''
const everyStep = process.env.QUORAIL_EVERY_STEP === '1'
const draw = drawFrom(Number(process.env.QUORAIL_SEED ?? 1))
const worker = new URL('../testing/restore-worker.ts', import.meta.url).pathname
const shim = new URL('../testing/kill-at-step.c', import.meta.url).pathname
/** At the same time. */
const livesAtOnce = 3

interface Scene {
  readonly root: string
  readonly library: string
  /** What the node had before. */
  readonly before: string
  readonly old: { readonly index: number; readonly hash: string }
  readonly sent: { readonly index: number; readonly hash: string; readonly bytes: Buffer }
}

test('killed at any step of the switch to a snapshot, a node has the old state or the new one, whole', async () => {
  const scene = await prepare()
  const all = await restore(scene, 0)
  expect(all).toMatchObject({ killed: false, said: scene.sent.hash })
  inOrder(all.steps, scene)
  expect(await reopened(scene, all.folder)).toBe('new')

  const outcomes: string[] = []
  const wanted = worthKilling(all.steps)
  await inParallel(wanted, async (at) => {
    const life = await restore(scene, at)
    // Two threads open the new one, in any order: the last step of all may come before the last but one.
    expect(life.killed || at > all.steps.length - 3, `${at}: ${all.steps[at - 1]}`).toBe(true)
    const done = life.killed ? life.steps.slice(0, -1) : life.steps
    const should = done.some((step) => step.startsWith('rename')) ? 'new' : 'old'
    const where = `killed before step ${life.steps.length}, ${life.steps.at(-1)}`
    expect(await reopened(scene, life.folder), where).toBe(should)
    outcomes.push(should)
    rmSync(life.folder, { recursive: true })
  })
  console.log(`killed at ${wanted.length} of ${all.steps.length} steps`)
  if (isCi) expect(new Set(outcomes)).toEqual(new Set(['old', 'new']))
}, 1_800_000)

/** A small database, and the snapshot of a larger one. */
async function prepare(): Promise<Scene> {
  const root = mkdtempSync(path.join(tmpdir(), 'quorail-switch-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const library = path.join(root, 'kill-at-step.so')
  compilePreload(shim, library)
  const filled = async (name: string, accounts: number): Promise<StateNode> => {
    mkdirSync(path.join(root, name))
    const node = new StateNode(path.join(root, name))
    await node.fill(accounts)
    return node
  }
  const sender = await filled('sender', 40)
  const bytes = await drain(await sender.capture())
  await sender.store.close()
  const node = await filled('before', 3)
  await node.store.close()
  writeFileSync(path.join(root, 'snapshot'), bytes)
  return {
    ...{ root, library, before: path.join(root, 'before') },
    old: { index: node.index, hash: stateHash(node.state) },
    sent: { index: sender.index, hash: stateHash(sender.state), bytes },
  }
}

interface Life {
  readonly folder: string
  readonly steps: readonly string[]
  readonly killed: boolean
  readonly said: string
}

/** In a process of its own, which is killed before that step; 0: never. */
async function restore(scene: Scene, killAt: number): Promise<Life> {
  const folder = path.join(scene.root, `life-${killAt}`)
  cpSync(scene.before, folder, { recursive: true })
  const armed = `${folder}.armed`
  const log = `${folder}.steps`
  const given = [folder, String(scene.sent.index), path.join(scene.root, 'snapshot'), armed]
  const child = spawn(process.execPath, [worker, ...given], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      LD_PRELOAD: scene.library,
      QUORAIL_STEPS_FOLDER: folder,
      QUORAIL_STEPS_ARMED: armed,
      QUORAIL_STEPS_LOG: log,
      QUORAIL_STEPS_KILL_AT: String(killAt),
      NODE_COMPILE_CACHE: path.join(scene.root, 'compiled'),
      UV_USE_IO_URING: '0',
    },
  })
  let said = ''
  child.stdout.on('data', (chunk) => {
    said += chunk
  })
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.once('close', (...how) => resolve(how)),
  )
  const killed = signal === 'SIGKILL'
  expect(killed || code === 0, said).toBe(true)
  const steps = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []
  return { folder, steps, killed, said: said.trim() }
}

/** A kill takes nothing that was written; this is what a cut of the power needs. */
function inOrder(steps: readonly string[], { sent }: Scene): void {
  const named = steps.indexOf(`rename ${sent.index}.draft`)
  const afterwards = steps.slice(named)
  expect(steps.filter((step) => step.startsWith('rename'))).toHaveLength(1)
  const lastWrite = steps.lastIndexOf(`write ${sent.index}.draft`)
  expect(lastWrite).toBeGreaterThan(0)
  expect(steps.slice(lastWrite, named)).toContain(`sync ${sent.index}.draft`)
  expect(steps.slice(0, named)).not.toContain('remove 1.db')
  expect(afterwards.indexOf('sync .')).toBeLessThan(afterwards.indexOf('remove 1.db'))
  expect(afterwards.lastIndexOf('sync .')).toBeGreaterThan(afterwards.indexOf('remove 1.db'))
}

/**
 * CI: whatever is done to the folder and to the databases themselves; of their journals, of what is closed, and of many writes
 * that come one after the other, some by the seed. A plain `npm test` takes a fifth of these; QUORAIL_EVERY_STEP=1 all.
 */
function worthKilling(steps: readonly string[]): number[] {
  return steps
    .map((_step, at) => at + 1)
    .filter((at) => {
      const step = steps[at - 1] ?? ''
      const isAmong = step === steps[at - 2] && step === steps[at] && step.startsWith('write')
      if (everyStep) return true
      if (isAmong && draw(50) > 0) return false
      if (/^close|-(journal|wal|shm)$/.test(step) && draw(3) > 0) return false
      return isCi || draw(5) === 0
    })
}

/** As a start does it. Then, at some of them, the same snapshot comes again. */
async function reopened(scene: Scene, folder: string): Promise<'old' | 'new'> {
  removeOldGenerations(folder)
  const { state, appliedIndex } = loadDatabase(currentGeneration(folder))
  const isOld = appliedIndex === scene.old.index
  const { index, hash, bytes } = scene.sent
  expect({ index: appliedIndex, hash: stateHash(state) }).toEqual(
    isOld ? scene.old : { index, hash },
  )
  expect(databasesIn(folder)).toEqual([isOld ? '1.db' : `${index}.db`])
  if (draw(4) === 0) {
    const node = new StateNode(folder)
    expect(stateHash(await node.restore(index, reader(bytes)))).toBe(hash)
    await node.store.close()
    expect(databasesIn(folder)).toEqual([`${index}.db`])
  }
  return isOld ? 'old' : 'new'
}

/** And whatever else lies there but what SQLite has beside the one that is open. */
function databasesIn(folder: string): string[] {
  const names = readdirSync(folder)
  const databases = names.filter((name) => name.endsWith('.db'))
  const beside = databases.flatMap((name) => [`${name}-wal`, `${name}-shm`])
  return names.filter((name) => !beside.includes(name))
}

async function inParallel<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const left = items.values()
  const worker = async (): Promise<void> => {
    for (const item of left) await work(item)
  }
  await Promise.all(Array.from({ length: livesAtOnce }, worker))
}
