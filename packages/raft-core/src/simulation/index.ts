/**
 * `@quorail/raft-core/simulation`: a seeded, deterministic simulation of the production core, runtime
 * and write-ahead log. Runs anywhere.
 */
export type { Violation } from './checker.ts'
export type { Choice, Fault, FaultKind } from './faults.ts'
export { type Family, FEATURE_NAMES, type Feature } from './features.ts'
export { KNOWN_SEEDS, type KnownSeed } from './known-seeds.ts'
export { MARKS } from './marks.ts'
export { PROFILE_NAMES, type Profile, type ProfileName } from './profile.ts'
export { asTest, type ShrunkRun, shrink } from './shrink.ts'
export {
  Simulation,
  type SimulationOptions,
  type SimulationReport,
  simulate,
} from './simulation.ts'
export { type TopologyVerdict, tryTopologies, tryTopology } from './topologies.ts'
export type { Answer, Call, ClientContext, Workload } from './workload.ts'
export type { MachineContext } from './world.ts'
