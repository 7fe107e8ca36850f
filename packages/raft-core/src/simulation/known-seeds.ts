import type { ProfileName } from './profile.ts'

/** Runs that once violated something, each with what it found. They run first, for ever. */
export interface KnownSeed {
  readonly seed: number
  readonly events: number
  readonly profile: ProfileName
  readonly found: string
}

/**
 * What a seed draws changes when the simulator learns something new; then the seed is only one more.
 * What it found has a test of its own besides, named in docs/internals/bugs-found.md.
 */
export const KNOWN_SEEDS: readonly KnownSeed[] = [
  { seed: 12, events: 10_000, profile: 'swarm', found: 'stale read round' },
  { seed: 15, events: 10_000, profile: 'swarm', found: 'stale read round' },
]
