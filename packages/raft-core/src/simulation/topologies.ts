import { randomStream } from '../testing/random.ts'
import { Simulation } from './simulation.ts'

export interface TopologyVerdict {
  /** The directed links that are open, e.g. `n1→n2 n2→n1`. */
  readonly links: string
  /** A majority of the nodes reach each other both ways: there must be service. */
  readonly mustServe: boolean
  /** When the links were cut: before the first election, or under a leader. */
  readonly cut: 'from the start' | 'under a leader'
  readonly terms: number
  readonly problem: string | undefined
}

/** Virtual milliseconds: to elect once before the cut, to find a leader after it, to keep it. */
const BEFORE_MS = 1500
const SETTLE_MS = 4000
const STABLE_MS = 3000
/** Terms that may pass until there is a stable leader. Without pre-vote it would be one each timeout. */
const MAX_TERMS = 6

/**
 * Tries every way in which the six directed links between three nodes may be open or cut (Cloudflare
 * 2020: plain Raft finds no leader in some that have a connected majority), and a sample of the 2^20
 * ways between five. Where a majority is fully connected a leader must come, stay and serve; terms
 * must not run away anywhere.
 */
export function tryTopologies(options: {
  readonly seed: number
  /** How many of those of five nodes. Default 100. */
  readonly samples?: number
}): readonly TopologyVerdict[] {
  const { seed, samples = 100 } = options
  const verdicts: TopologyVerdict[] = []
  for (let mask = 0; mask < 64; mask++) {
    verdicts.push(tryTopology(seed + mask, 3, mask, 'from the start'))
    verdicts.push(tryTopology(seed + mask, 3, mask, 'under a leader'))
  }
  const random = randomStream(seed, 'topologies')
  for (let i = 0; i < samples; i++) {
    // Any number of links is as likely as any other: with even chances few would be connected.
    const open = random()
    let mask = 0
    for (let link = 0; link < 20; link++) if (random() < open) mask |= 1 << link
    verdicts.push(tryTopology(seed + i, 5, mask, i % 2 === 0 ? 'from the start' : 'under a leader'))
  }
  return verdicts
}

/** `mask` has a bit for each directed link: `from` has one for each other node, in order. */
export function tryTopology(
  seed: number,
  nodes: 3 | 5,
  mask: number,
  cut: TopologyVerdict['cut'],
): TopologyVerdict {
  const isOpen = (from: number, to: number): boolean => {
    const bit = from * (nodes - 1) + (to > from ? to - 1 : to)
    return from === to || ((mask >> bit) & 1) === 1
  }
  const run = new Simulation({
    seed,
    profile: 'calm',
    events: Number.POSITIVE_INFINITY,
    set: { nodes, clients: 3, thinkMs: 60, readShare: 0.2, patienceMs: 300 },
  })
  if (cut === 'under a leader') advanceTo(run, BEFORE_MS)
  run.cutLinks((from, to) => !isOpen(from, to))
  const before = run.report()
  advanceTo(run, run.now + SETTLE_MS)
  const settled = run.report()
  advanceTo(run, run.now + STABLE_MS)
  const after = run.report()
  const mustServe = hasClique(nodes, isOpen)
  const problem = problemOf(before, settled, after, mustServe)
  return {
    links: namesOf(nodes, isOpen),
    mustServe,
    cut,
    terms: after.terms - before.terms,
    problem,
  }
}

interface Standing {
  readonly terms: number
  readonly elections: number
  readonly acknowledged: number
  readonly violation: { readonly invariant: string; readonly message: string } | undefined
}

function problemOf(
  before: Standing,
  settled: Standing,
  after: Standing,
  mustServe: boolean,
): string | undefined {
  const { violation } = after
  if (violation !== undefined) return `${violation.invariant}: ${violation.message}`
  const terms = after.terms - before.terms
  if (terms > MAX_TERMS) return `${terms} terms came and went`
  if (!mustServe) return undefined
  if (after.elections !== settled.elections) return 'the leader does not stay'
  const served = after.acknowledged - settled.acknowledged
  return served > 0 ? undefined : 'a connected majority does not serve'
}

function advanceTo(run: Simulation, ms: number): void {
  while (run.now < ms && !run.isOver) run.advance(1)
}

/** Whether a majority of the nodes all reach each other directly, both ways. */
function hasClique(nodes: number, isOpen: (from: number, to: number) => boolean): boolean {
  for (let group = 1; group < 1 << nodes; group++) {
    const ids = Array.from({ length: nodes }, (_, i) => i).filter((i) => (group >> i) & 1)
    if (ids.length <= nodes / 2) continue
    if (ids.every((a) => ids.every((b) => isOpen(a, b)))) return true
  }
  return false
}

function namesOf(nodes: number, isOpen: (from: number, to: number) => boolean): string {
  const open: string[] = []
  for (let from = 0; from < nodes; from++) {
    for (let to = 0; to < nodes; to++) {
      if (from !== to && isOpen(from, to)) open.push(`n${from + 1}→n${to + 1}`)
    }
  }
  return open.length === 0 ? 'none' : open.join(' ')
}
