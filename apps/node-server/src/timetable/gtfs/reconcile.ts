import type { RunInput, TrainTimesView } from '@quorail/booking-fsm'
import { compareTimes } from './compare-times.ts'
import type { PlannedTrain } from './merge-trains.ts'

/** A planned train with the days that are missing, and where they go. */
export interface TrainToImport extends PlannedTrain {
  /** The train that is there and gets the days; 0: it is added. */
  readonly trainId: number
}

export interface Reconciled {
  /** Those with a day to add, in the order of the feed. */
  readonly trains: readonly TrainToImport[]
  readonly changes: TimetableChanges
}

/** What an import changes of what is on sale, and what it leaves for a person to settle. */
export interface TimetableChanges {
  readonly trainsKnown: number
  readonly trainsNew: number
  readonly daysAdded: number
  readonly daysThere: number
  /** The feed has other times or stops for days that are on sale: these days were left as they are. */
  readonly changed: readonly TrainDays[]
  /** Imported trains that the feed has no more on days that are on sale: left as they are. */
  readonly gone: readonly TrainDays[]
}

export interface TrainDays {
  readonly trainId: number
  readonly number: string
  /** yyyymmdd, ascending. */
  readonly dates: readonly number[]
}

/** A day of a planned train that is not on sale, before it is known whether another train's is meant. */
interface Missing {
  readonly train: PlannedTrain
  readonly run: RunInput
}

/** A day of a train that is on sale, and not in the feed. */
interface Unclaimed {
  readonly train: TrainTimesView
  readonly date: number
}

/**
 * Finds what a feed adds to the trains that are on sale. A train is the same one when its number, stops, times,
 * distances and boarding rules are; a day of it is the same when it begins at the same instant. What is left over on
 * both sides on one day under one number, with two stops in common, is one train with changed times: it is
 * not sold twice, but reported. A run that was cancelled makes room: its train's new times are added.
 */
export function reconcile(
  planned: readonly PlannedTrain[],
  onSale: readonly TrainTimesView[],
): Reconciled {
  const sameTrains = groupBy(onSale, (train) => shapeOf(train))
  const claimed = new Map<TrainTimesView, Set<number>>()
  const missing: Missing[] = []
  let [trainsKnown, daysThere] = [0, 0]
  for (const train of planned) {
    const known = sameTrains.get(shapeOf(train)) ?? []
    if (known.length > 0) trainsKnown++
    for (const run of train.runs) {
      const owners = known.filter((it) => it.runs.some((other) => isSameDay(other, run)))
      // All of them: an import that doubled a train has left two.
      for (const owner of owners) setOf(claimed, owner).add(run.serviceDate)
      if (owners.length > 0) daysThere++
      else missing.push({ train, run })
    }
  }
  const unclaimed = unclaimedDays(planned, onSale, claimed)
  const { toAdd, changed } = withoutChanged(missing, unclaimed)
  const trains = gather(planned, toAdd, sameTrains)
  return {
    trains,
    changes: {
      trainsKnown,
      trainsNew: trains.filter(({ trainId }) => trainId === 0).length,
      daysAdded: trains.reduce((sum, { runs }) => sum + runs.length, 0),
      daysThere,
      changed: trainDays(changed),
      gone: trainDays(goneOf(planned, unclaimed, new Set(changed))),
    },
  }
}

function shapeOf({ number, stops }: Pick<PlannedTrain, 'number' | 'stops'>): string {
  return JSON.stringify([
    number,
    stops.map((it) => [
      it.stationCode,
      it.arrivalSeconds,
      it.departureSeconds,
      it.distanceMetres,
      it.boarding,
      it.alighting,
    ]),
  ])
}

const isSameDay = (a: RunInput, b: RunInput) =>
  a.serviceDate === b.serviceDate && a.baseMs === b.baseMs

/** Days that go, of the feed's numbers or its stations, which the feed does not have. */
function unclaimedDays(
  planned: readonly PlannedTrain[],
  onSale: readonly TrainTimesView[],
  claimed: ReadonlyMap<TrainTimesView, ReadonlySet<number>>,
): Unclaimed[] {
  const dates = planned.flatMap(({ runs }) => runs.map(({ serviceDate }) => serviceDate))
  const first = dates.reduce((a, b) => Math.min(a, b), 99991231)
  const last = dates.reduce((a, b) => Math.max(a, b), 0)
  return onSale.flatMap((train) =>
    train.runs
      .filter(
        ({ serviceDate, cancelled }) =>
          !cancelled &&
          serviceDate >= first &&
          serviceDate <= last &&
          claimed.get(train)?.has(serviceDate) !== true,
      )
      .map(({ serviceDate }) => ({ train, date: serviceDate })),
  )
}

/** Takes out each missing day that is another train's with changed times: the likest one, and each once. */
function withoutChanged(missing: readonly Missing[], unclaimed: readonly Unclaimed[]) {
  const candidates = groupBy(unclaimed, ({ train, date }) => `${date} ${train.number}`)
  const changed = new Set<Unclaimed>()
  const toAdd = missing.filter(({ train, run }) => {
    const found = (candidates.get(`${run.serviceDate} ${train.number}`) ?? [])
      .filter((it) => !changed.has(it))
      .map((it) => ({ it, likeness: compareTimes(train.stops, it.train.stops) }))
      .filter(({ likeness }) => likeness !== undefined)
      .sort(
        (a, b) => (a.likeness ?? 0) - (b.likeness ?? 0) || a.it.train.trainId - b.it.train.trainId,
      )
    const nearest = found[0]
    if (nearest !== undefined) changed.add(nearest.it)
    return nearest === undefined
  })
  return { toAdd, changed: [...changed] }
}

/** The missing days by train: of the one that is there and has not got the day, else of a new one. */
function gather(
  planned: readonly PlannedTrain[],
  toAdd: readonly Missing[],
  sameTrains: ReadonlyMap<string, readonly TrainTimesView[]>,
): TrainToImport[] {
  const byTrain = groupBy(toAdd, ({ train }) => train)
  return planned.flatMap((train) => {
    const known = sameTrains.get(shapeOf(train)) ?? []
    const ordered = [...known].sort(
      (a, b) => Number(b.name === train.name) - Number(a.name === train.name),
    )
    const byOwner = groupBy(
      (byTrain.get(train) ?? []).map(({ run }) => run),
      // A day that it has at another instant would be skipped: that one is a train of its own.
      ({ serviceDate }) =>
        ordered.find((it) => !it.runs.some((run) => run.serviceDate === serviceDate))?.trainId ?? 0,
    )
    return [...byOwner].map(([trainId, runs]) => ({ ...train, trainId, runs }))
  })
}

/** Imported trains between the feed's own stations alone: another feed's are none of its business. */
function goneOf(
  planned: readonly PlannedTrain[],
  unclaimed: readonly Unclaimed[],
  changed: ReadonlySet<Unclaimed>,
): Unclaimed[] {
  const stations = new Set(planned.flatMap((it) => it.stops.map(({ stationCode }) => stationCode)))
  return unclaimed.filter(
    (it) =>
      !changed.has(it) &&
      it.train.imported &&
      it.train.stops.every(({ stationCode }) => stations.has(stationCode)),
  )
}

function trainDays(days: readonly Unclaimed[]): TrainDays[] {
  return [...groupBy(days, ({ train }) => train)].map(([{ trainId, number }, of]) => ({
    trainId,
    number,
    dates: of.map(({ date }) => date).sort((a, b) => a - b),
  }))
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

function setOf<K>(map: Map<K, Set<number>>, key: K): Set<number> {
  const found = map.get(key) ?? new Set<number>()
  map.set(key, found)
  return found
}
