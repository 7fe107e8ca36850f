import type { Random } from '../ports.ts'
import { randomInteger, randomItem } from '../testing/random.ts'

/** What may go wrong in a run, and how the cluster is set up. Times in virtual milliseconds. */
export interface Profile {
  readonly nodes: number
  readonly clients: number
  /** Most milliseconds a client waits between two requests. */
  readonly thinkMs: number
  readonly valueBytes: number
  readonly readShare: number
  /** A client that has waited so long makes its next call without the answer. */
  readonly patienceMs: number

  readonly lossShare: number
  readonly duplicateShare: number
  /** Share of messages that are late by up to `lateMs`, and so arrive out of order. */
  readonly lateShare: number
  readonly lateMs: number
  /** Least and most milliseconds a follower waits for a leader. Close together, they collide. */
  readonly electionMinMs: number
  readonly electionMaxMs: number
  readonly partitions: boolean
  readonly oneWayPartitions: boolean

  readonly processCrashes: boolean
  readonly powerCuts: boolean
  readonly gracefulRestarts: boolean
  readonly transfers: boolean
  /** Strike a leader right after its election, with this probability. */
  readonly strikeLeaders: number
  /** Mean milliseconds between two faults. */
  readonly faultEveryMs: number

  readonly syncMs: number
  readonly diskStalls: boolean
  readonly diskErrors: boolean
  /** Stored bytes of one node may change while it is down. */
  readonly rot: boolean
  readonly clockSkew: number

  readonly segmentBytes: number
  readonly maxAppendBytes: number
  readonly maxInflightMessages: number
  readonly maxTailBytes: number
  readonly maxApplyBytes: number
  readonly maxUncommittedBytes: number
}

export type ProfileName = 'swarm' | 'calm' | 'network' | 'elections' | 'crashes' | 'disk'

export const PROFILE_NAMES: readonly ProfileName[] = [
  'swarm',
  'calm',
  'network',
  'elections',
  'crashes',
  'disk',
]

/**
 * Draws a run's profile. `swarm` leaves each fault out with probability one half: runs without one
 * fault reach states that runs with all of them do not (Groce et al. 2012). The others keep to one
 * family of faults.
 */
export function drawProfile(name: ProfileName, random: Random): Profile {
  const isOn = (family: ProfileName): boolean => {
    const drawn = random() < 0.5
    return name === family || (name === 'swarm' && drawn)
  }
  const share = (most: number): number => random() * most
  const loss = share(0.2)
  const duplicate = share(0.1)
  const late = share(0.2)
  const hardElections = isOn('elections')
  // An isolated leader believes in itself for long: time for stale reads.
  const patientFollowers = !hardElections && random() < 0.4
  return {
    nodes: randomItem(random, [3, 3, 3, 5, 1]),
    clients: randomInteger(random, 1, 8),
    thinkMs: randomItem(random, [1, 10, 100]),
    valueBytes: randomItem(random, [8, 60, 400]),
    readShare: share(0.4),
    patienceMs: randomItem(random, [10, 100, 3000]),
    lossShare: hardElections ? 0.1 + 2 * loss : isOn('network') ? loss : 0,
    duplicateShare: isOn('network') ? duplicate : 0,
    lateShare: hardElections ? 0.1 + 2 * late : isOn('network') ? late : 0,
    lateMs: hardElections ? 600 : randomItem(random, [5, 50, 500]),
    electionMinMs: patientFollowers ? 600 : 150,
    electionMaxMs: (patientFollowers ? 600 : 150) + (hardElections ? 20 : 150),
    partitions: isOn('network') || hardElections,
    oneWayPartitions: isOn('network'),
    processCrashes: isOn('crashes'),
    powerCuts: isOn('crashes'),
    gracefulRestarts: isOn('crashes'),
    transfers: isOn('network'),
    strikeLeaders:
      isOn('crashes') || isOn('network') || hardElections ? randomItem(random, [0, 0.3, 0.8]) : 0,
    faultEveryMs: randomItem(random, [100, 400, 2000]),
    syncMs: randomItem(random, [0.2, 2, 15]),
    diskStalls: isOn('disk'),
    diskErrors: isOn('disk'),
    rot: isOn('disk'),
    clockSkew: name === 'calm' ? 0 : share(0.1),
    segmentBytes: randomItem(random, [300, 3000, 1 << 20]),
    maxAppendBytes: randomItem(random, [100, 2000, 1 << 20]),
    maxInflightMessages: randomItem(random, [1, 4, 16]),
    maxTailBytes: randomItem(random, [100, 2000, 1 << 20]),
    maxApplyBytes: randomItem(random, [100, 1 << 20]),
    maxUncommittedBytes: randomItem(random, [500, 1 << 20]),
  }
}
