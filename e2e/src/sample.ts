/**
 * All of them in CI; by hand one, drawn by the run's seed: a plain `npm test` does the same jobs, smaller,
 * and many runs see everything.
 */
export function sampled<T>(all: readonly T[]): readonly T[] {
  if (process.env.CI !== undefined && process.env.CI !== '') return all
  const seed = Number(process.env.QUORAIL_SEED ?? process.env.QUORAIL_RUN_SEED ?? 0)
  return all.filter((_one, at) => at === seed % all.length)
}
