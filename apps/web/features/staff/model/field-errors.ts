import type { DescribedError } from '@quorail/cluster-client'

/** `stops[1].stationCode` and `stops[1].station_code` are the same field. */
function plain(field: string): string {
  return field.replaceAll('_', '').toLowerCase()
}

export function fieldError(problem: DescribedError | undefined, field: string): string | undefined {
  if (problem === undefined || problem.field === '') return undefined
  return plain(problem.field) === plain(field) ? problem.sentence : undefined
}

/** A problem with a part of a list, e.g. any field of `stops[1]`. */
export function isUnder(problem: DescribedError | undefined, start: string): boolean {
  return problem !== undefined && plain(problem.field).startsWith(plain(start))
}
