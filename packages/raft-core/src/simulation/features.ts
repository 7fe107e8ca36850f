/**
 * Everything that may happen in a run besides plain work, one by one. A swarm run leaves each out
 * with probability one half: runs without one fault reach states that runs with all of them do not
 * (Groce et al. 2012). The named profiles keep to one family.
 */
export const FEATURES = {
  // Messages and links.
  loss: 'network',
  repeats: 'network',
  lateness: 'network',
  slowLinks: 'network',
  splits: 'network',
  isolations: 'network',
  oneWayCuts: 'network',
  bridges: 'network',
  clogs: 'network',
  streamsClose: 'network',
  // Elections that are hard to win.
  heavyLoss: 'elections',
  collidingTimeouts: 'elections',
  // Processes.
  kills: 'crashes',
  powerCuts: 'crashes',
  blackouts: 'crashes',
  restarts: 'crashes',
  pauses: 'crashes',
  clockRates: 'crashes',
  // Disks.
  stalls: 'disk',
  slowSyncs: 'disk',
  writeErrors: 'disk',
  syncErrors: 'disk',
  readErrors: 'disk',
  fullDisks: 'disk',
  rot: 'disk',
  staleReads: 'disk',
  // What operators and users of the library do.
  transfers: 'members',
  memberChanges: 'members',
  wipes: 'members',
  priorities: 'members',
  snapshots: 'snapshots',
  ownDurability: 'snapshots',
  anySource: 'snapshots',
  // An isolated leader believes in itself for long.
  patientFollowers: 'reads',
  leaseReads: 'reads',
  forwarding: 'reads',
  // Faults at the worst moment.
  strikes: 'strikes',
  // Limits so small that they are always reached.
  tinyBuffers: 'limits',
  tinySegments: 'limits',
  tinyMessages: 'limits',
} as const

export type Feature = keyof typeof FEATURES
export type Family = (typeof FEATURES)[Feature]

export const FEATURE_NAMES = Object.keys(FEATURES) as readonly Feature[]
