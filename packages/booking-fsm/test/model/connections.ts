/**
 * Connections by going through every way there is: nothing but the trains' stop times and the rules page.
 * For small timetables only.
 */
export interface PlainStop {
  readonly station: string
  readonly arrivalMs: number
  readonly departureMs: number
  readonly boarding: boolean
  readonly alighting: boolean
}
export interface PlainRun {
  readonly runId: number
  readonly stops: readonly PlainStop[]
}
export interface PlainStation {
  readonly code: string
  readonly groupCode: string
  readonly changeMs: number
}
export interface Way {
  readonly departureMs: number
  readonly arrivalMs: number
  readonly rides: readonly { readonly runId: number; readonly from: number; readonly to: number }[]
}

export interface Question {
  readonly from: string
  readonly to: string
  readonly earliestMs: number
  readonly latestMs: number
  readonly maxChanges: number
}

const longestMs = 24 * 3_600_000
const walkMs = 30 * 60_000

export function everyWay(
  runs: readonly PlainRun[],
  stations: readonly PlainStation[],
  question: Question,
): Way[] {
  const { from, to, earliestMs, latestMs, maxChanges } = question
  const find = (code: string) => stations.find((station) => station.code === code)
  const belongs = (code: string, asked: string) => code === asked || find(code)?.groupCode === asked
  /** The time it takes to change from one station's train to the other's; undefined: nobody can. */
  const changeTime = (a: string, b: string): number | undefined => {
    const [here, there] = [find(a), find(b)]
    if (here === undefined || there === undefined) return undefined
    if (a === b) return here.changeMs
    if (here.groupCode === '' || here.groupCode !== there.groupCode) return undefined
    return Math.max(here.changeMs, there.changeMs) + walkMs
  }
  const ways: Way[] = []
  const goOn = (way: Way, at: string): void => {
    if (way.arrivalMs - way.departureMs > longestMs) return
    if (belongs(at, to)) ways.push(way)
    if (way.rides.length > maxChanges) return
    for (const run of runs) {
      for (const [i, board] of run.stops.entries()) {
        const change = changeTime(at, board.station)
        if (change === undefined || !board.boarding) continue
        if (board.departureMs < way.arrivalMs + change) continue
        for (const [j, alight] of run.stops.entries()) {
          if (j <= i || !alight.alighting) continue
          const rides = [...way.rides, { runId: run.runId, from: i, to: j }]
          goOn({ ...way, arrivalMs: alight.arrivalMs, rides }, alight.station)
        }
      }
    }
  }
  for (const run of runs) {
    for (const [i, board] of run.stops.entries()) {
      if (!belongs(board.station, from) || !board.boarding) continue
      if (board.departureMs < earliestMs || board.departureMs > latestMs) continue
      for (const [j, alight] of run.stops.entries()) {
        if (j <= i || !alight.alighting) continue
        const rides = [{ runId: run.runId, from: i, to: j }]
        const { departureMs } = board
        goOn({ departureMs, arrivalMs: alight.arrivalMs, rides }, alight.station)
      }
    }
  }
  return ways
}

/** Departure, arrival and number of changes of those that none is better than, each once, in that order. */
export function bestOf(ways: readonly Way[]): [number, number, number][] {
  const figures = new Map<string, [number, number, number]>()
  for (const { departureMs, arrivalMs, rides } of ways) {
    figures.set(`${departureMs} ${arrivalMs} ${rides.length}`, [
      departureMs,
      arrivalMs,
      rides.length - 1,
    ])
  }
  const each = [...figures.values()]
  const isBetter = (a: readonly number[], b: readonly number[]) =>
    a !== b &&
    (a[0] as number) >= (b[0] as number) &&
    (a[1] as number) <= (b[1] as number) &&
    (a[2] as number) <= (b[2] as number)
  return each
    .filter((one) => !each.some((other) => isBetter(other, one)))
    .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
}
