import { describeError } from '@quorail/cluster-client'
import type { TestCluster } from '../../../tools/testing/cluster.ts'
import { ApiPassenger } from './api-passenger.ts'
import { eventually, tomorrow } from './waiting.ts'

export interface BookingLoad {
  readonly held: () => number
  /** How many of them were paid for and confirmed. */
  readonly confirmed: () => number
  /** What anybody was told instead of an answer. */
  readonly failures: readonly string[]
  /** Ends it, and waits for what is under way. */
  stop(): Promise<void>
}

/**
 * So many people hold seats and let them go again, until they are told to stop; each call must be answered. Every tenth
 * pays, waits for the confirmation, and cancels, so that the train is never sold out.
 */
export async function startBooking(cluster: TestCluster, people: number): Promise<BookingLoad> {
  const { nodes, paymentSandbox } = cluster.addresses
  const logIn = () => ApiPassenger.logIn(nodes, paymentSandbox, cluster.logins.passenger)
  const first = await eventually(logIn, 60_000)
  const journey = await eventually(() => first.journey('PMR', 'VDC', tomorrow(), people), 60_000)
  const failures: string[] = []
  let [held, confirmed, stopped] = [0, 0, false]
  const book = async (person: ApiPassenger, at: number): Promise<void> => {
    while (!stopped) {
      const startedAtMs = performance.now()
      let step = 'hold'
      try {
        const booking = await person.hold(journey, undefined, people)
        held += 1
        if (at % 10 === 9) {
          step = 'buy'
          await person.buy(booking)
          confirmed += 1
          step = 'cancel'
          await person.cancel(booking.bookingId)
        } else {
          step = 'release'
          await person.release(booking.bookingId)
        }
      } catch (error) {
        const ms = Math.round(performance.now() - startedAtMs)
        const { code } = describeError(error)
        failures.push(`${new Date().toISOString()} ${step}, after ${ms} ms: ${code}: ${error}`)
      }
      // People think for a moment; the test is about changes, not about speed.
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const others: ApiPassenger[] = []
  // A node looks at one password at a time.
  while (others.length < people - 1) others.push(await eventually(logIn, 60_000))
  const running = [first, ...others].map(book)
  return {
    held: () => held,
    confirmed: () => confirmed,
    failures,
    async stop() {
      stopped = true
      await Promise.all(running)
    },
  }
}
