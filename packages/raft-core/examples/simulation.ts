// The store on simulated disks, network and clocks, with crashes, power cuts, partitions, changes of
// the membership, snapshots: whatever is drawn from the seed. A seed is the same run every time.
import { type SimulationReport, simulate } from '@quorail/raft-core/simulation'
import { put, Store } from './store.ts'

function run(seed: number, machine: () => Store): SimulationReport {
  const acknowledged: string[] = []
  const mustHave = (store: Store, keys: readonly string[]) => {
    const lost = keys.find((key) => store.get(key) !== 'there')
    if (lost !== undefined) throw new Error(`${lost} was acknowledged and is not there`)
  }
  return simulate<string, Store>({
    seed,
    machine,
    hash: (store) => store.text(), // the same on every node after the same entry
    workload: ({ client, calls, random }) => {
      const known = acknowledged.slice(-5)
      if (random() < 0.3) return { type: 'read', look: (store) => mustHave(store, known) }
      const key = `${client}/${calls}`
      const answered = ({ error }: { error: unknown }) => error ?? acknowledged.push(key)
      return { type: 'propose', command: put(key, 'there'), answered }
    },
    check: (stores) => {
      for (const store of stores) mustHave(store, acknowledged)
    },
  })
}

for (const seed of [1, 2, 3, 4, 5]) {
  const { violation, events, elections, acknowledged } = run(seed, () => new Store())
  if (violation !== undefined) throw new Error(`seed ${seed}: ${violation.message}`)
  console.log(
    `seed ${seed}: ${events} events, ${elections} elections, ${acknowledged} acknowledged`,
  )
}

/** The classic mistake: the snapshot is written from a state that does not stand still. */
class Careless extends Store {
  override capture: Store['capture'] = (done) => {
    const pieces = [() => new TextEncoder().encode(this.text())] // when it is asked for
    done(undefined, { next: (piece) => piece(undefined, pieces.shift()?.()), release: () => {} })
  }
}

for (let seed = 1; ; seed++) {
  const { violation } = run(seed, () => new Careless())
  if (violation === undefined) continue
  console.log(`found by seed ${seed}: ${violation.invariant}, ${violation.message}`)
  break
}
