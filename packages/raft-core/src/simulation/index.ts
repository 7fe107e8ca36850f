/**
 * `@quorail/raft-core/simulation`: a seeded, deterministic simulation of the production core, runtime
 * and write-ahead log. Runs anywhere.
 */
export type { Violation } from './checker.ts'
export { PROFILE_NAMES, type Profile, type ProfileName } from './profile.ts'
export { type SimulationOptions, type SimulationReport, simulate } from './simulate.ts'
