import type { TrainStop } from '@quorail/booking-fsm'

/**
 * How far two trains of one number lie apart, in seconds: by how much they differ at the stations they both call at,
 * and an hour for each that only one of them has. Undefined: without two stations in common they are two trains.
 */
export function compareTimes(a: readonly TrainStop[], b: readonly TrainStop[]): number | undefined {
  const times = new Map(b.map((stop) => [stop.stationCode, stop.departureSeconds]))
  let [common, apart] = [0, 0]
  for (const { stationCode, departureSeconds } of a) {
    const other = times.get(stationCode)
    if (other === undefined) continue
    common++
    apart += Math.abs(other - departureSeconds)
  }
  if (common < 2) return undefined
  return apart / common + (a.length + b.length - 2 * common) * 3_600
}
