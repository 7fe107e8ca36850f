import type { Random } from '../ports.ts'
import { randomInteger, randomItem, randomStream } from '../testing/random.ts'
import { type Family, FEATURE_NAMES, FEATURES, type Feature } from './features.ts'

/** What may go wrong in a run, and how the cluster is set up. Times in virtual milliseconds. */
export interface Profile {
  readonly features: readonly Feature[]
  /** Founders of the cluster. */
  readonly nodes: number
  /** Nodes that wait to be added. */
  readonly spares: number

  readonly clients: number
  /** Most milliseconds a client waits between two requests. */
  readonly thinkMs: number
  readonly valueBytes: number
  readonly readShare: number
  /** A client that has waited so long makes its next call without the answer. */
  readonly patienceMs: number

  readonly lossShare: number
  readonly repeatShare: number
  /** Share of messages that are late by up to `lateMs`, and so arrive out of order. */
  readonly lateShare: number
  readonly lateMs: number
  /** Share of links that are slower by up to `slowLinkMs`, for the whole run. */
  readonly slowLinkShare: number
  readonly slowLinkMs: number

  /** Least and most milliseconds a follower waits for a leader. Close together, they collide. */
  readonly electionMinMs: number
  readonly electionMaxMs: number
  /** Nodes' clocks run between 1 - this and 1 + this times as fast as they should. */
  readonly clockSkew: number
  /** What a lease is shorter by, so that it holds with such clocks. */
  readonly leaseMarginMs: number

  /** Mean milliseconds between two faults, and between two acts of an operator. */
  readonly faultEveryMs: number
  readonly actEveryMs: number
  /** Strike a node with this probability when something has just happened to it. */
  readonly strikeShare: number

  readonly syncMs: number

  readonly segmentBytes: number
  readonly reserveBytes: number
  readonly maxAppendBytes: number
  readonly maxInflightMessages: number
  readonly maxTailBytes: number
  readonly maxApplyBytes: number
  readonly maxUncommittedBytes: number
  readonly maxPendingProposals: number
  readonly maxInboxBytes: number
  /** Entries between two snapshots, entries kept behind one, and bytes of one piece of it. */
  readonly snapshotEvery: number
  readonly keepEntries: number
  readonly snapshotChunkBytes: number
}

/** A family of features or several, joined by `+`; `swarm` for any of them, `calm` for none. */
export type ProfileName = 'swarm' | 'calm' | Family | `${Family}+${string}`

/** Those with a name of one word. */
export const PROFILE_NAMES: readonly ProfileName[] = [
  'swarm',
  'calm',
  ...new Set(Object.values(FEATURES)),
]

/** What is drawn for a seed; `set` says otherwise, and `without` takes features out. */
export function drawProfile(
  seed: number,
  name: ProfileName,
  without: readonly Feature[] = [],
  set: Partial<Profile> = {},
): Profile {
  // Every feature has its stream: a new one does not change what is drawn for the others.
  const families = name.split('+')
  const features = FEATURE_NAMES.filter((feature) => {
    const drawn = randomStream(seed, `swarm ${feature}`)() < 0.5
    if (without.includes(feature)) return false
    return families.includes(FEATURES[feature]) || (name === 'swarm' && drawn)
  })
  const has = (feature: Feature): boolean => (set.features ?? features).includes(feature)
  const drawn = {
    features,
    ...cluster(randomStream(seed, 'cluster'), has),
    ...links(randomStream(seed, 'links'), has),
    ...faults(randomStream(seed, 'faults'), has),
    ...limits(randomStream(seed, 'limits'), has),
    ...set,
  }
  // Two clocks that drift apart for an election timeout, one fast and one slow, and a bit.
  return { ...drawn, leaseMarginMs: Math.ceil(2 * drawn.clockSkew * drawn.electionMinMs) + 2 }
}

type Has = (feature: Feature) => boolean

function cluster(random: Random, has: Has) {
  const nodes = randomItem(random, [3, 3, 3, 5, 1])
  const spares = randomInteger(random, 1, 2)
  return {
    nodes,
    spares: has('memberChanges') ? spares : 0,
    clients: randomInteger(random, 1, 8),
    thinkMs: randomItem(random, [1, 10, 100]),
    valueBytes: randomItem(random, [8, 60, 400]),
    readShare: random() * 0.4,
    patienceMs: randomItem(random, [10, 100, 3000]),
  }
}

function links(random: Random, has: Has) {
  const [loss, repeat, late] = [random() * 0.2, random() * 0.1, random() * 0.2]
  const lateMs = randomItem(random, [5, 50, 500])
  const slowLinkMs = randomItem(random, [5, 40])
  const electionMinMs = has('patientFollowers') ? 600 : 150
  const isHard = has('heavyLoss')
  return {
    lossShare: isHard ? 0.1 + 2 * loss : has('loss') ? loss : 0,
    repeatShare: has('repeats') ? repeat : 0,
    lateShare: isHard ? 0.1 + 2 * late : has('lateness') ? late : 0,
    lateMs: isHard ? 600 : lateMs,
    slowLinkShare: has('slowLinks') ? 0.4 : 0,
    slowLinkMs,
    electionMinMs,
    electionMaxMs: electionMinMs + (has('collidingTimeouts') ? 20 : 150),
  }
}

function faults(random: Random, has: Has) {
  const skew = random() * (has('leaseReads') ? 0.05 : 0.1)
  const strikeShare = randomItem(random, [0.02, 0.1, 0.4])
  return {
    clockSkew: has('clockRates') ? skew : 0,
    faultEveryMs: randomItem(random, [100, 400, 2000]),
    actEveryMs: randomItem(random, [150, 600, 2000]),
    strikeShare: has('strikes') ? strikeShare : 0,
    syncMs: randomItem(random, [0.2, 2, 15]),
  }
}

function limits(random: Random, has: Has) {
  const tiny = <T>(feature: Feature, small: readonly T[], usual: T): T => {
    const drawn = randomItem(random, small)
    return has(feature) ? drawn : usual
  }
  const maxAppendBytes = tiny('tinyMessages', [100, 2000], 1 << 20)
  return {
    maxAppendBytes,
    segmentBytes: tiny('tinySegments', [300, 3000], 1 << 20),
    reserveBytes: tiny('tinySegments', [0, 300], 4096),
    maxInflightMessages: tiny('tinyMessages', [1, 4], 16),
    maxTailBytes: tiny('tinyBuffers', [100, 2000], 1 << 20),
    maxApplyBytes: tiny('tinyMessages', [100, 1 << 20], 1 << 20),
    maxUncommittedBytes: tiny('tinyBuffers', [500, 4000], 1 << 20),
    maxPendingProposals: tiny('tinyBuffers', [2, 50], 1000),
    maxInboxBytes: (maxAppendBytes + 1000) * tiny('tinyBuffers', [2, 20], 50),
    snapshotEvery: randomItem(random, [5, 40, 300]),
    keepEntries: randomItem(random, [1, 10, 100]),
    snapshotChunkBytes: tiny('tinyMessages', [50, 300], 1 << 16),
  }
}
