import { describeError } from '@quorail/cluster-client'
import type { TestCluster } from '../../../tools/testing/cluster.ts'
import { ApiPassenger } from './api-passenger.ts'
import { eventually, tomorrow } from './waiting.ts'

export interface BookingLoad {
  readonly held: () => number
  /** What anybody was told instead of an answer. */
  readonly failures: readonly string[]
  /** Ends it, and waits for what is under way. */
  stop(): Promise<void>
}

/** So many people hold seats and let them go again, until they are told to stop; each call must be answered. */
export async function startBooking(cluster: TestCluster, people: number): Promise<BookingLoad> {
  const { nodes, paymentSandbox } = cluster.addresses
  const logIn = () => ApiPassenger.logIn(nodes, paymentSandbox, cluster.logins.passenger)
  const first = await eventually(logIn, 60_000)
  const journey = await eventually(() => first.journey('PMR', 'VDC', tomorrow()), 60_000)
  const failures: string[] = []
  let [held, stopped] = [0, false]
  const book = async (person: ApiPassenger): Promise<void> => {
    while (!stopped) {
      try {
        const { bookingId } = await person.hold(journey)
        held += 1
        await person.release(bookingId)
      } catch (error) {
        failures.push(`${new Date().toISOString()} ${describeError(error).code}`)
      }
      // People think for a moment; the test is about changes, not about speed.
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const others = Array.from({ length: people - 1 }, () => eventually(logIn, 60_000))
  const running = [first, ...(await Promise.all(others))].map(book)
  return {
    held: () => held,
    failures,
    async stop() {
      stopped = true
      await Promise.all(running)
    },
  }
}
