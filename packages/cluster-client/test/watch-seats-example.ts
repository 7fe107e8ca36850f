import { createConnectTransport } from '@connectrpc/connect-web'
import { createWatches } from '../src/index.ts'

/** Tells how many seats of a journey are free, again and again; what it gives ends that. */
export function watchFreeSeats(
  endpoints: readonly string[],
  journey: { readonly runId: bigint; readonly fromStop: number; readonly toStop: number },
  onChange: (free: number) => void,
): () => void {
  const watches = createWatches({
    endpoints,
    createTransport: (baseUrl) => createConnectTransport({ baseUrl }),
  })
  watches.seatMap(journey, ({ value, isLive, error }) => {
    if (value !== undefined) onChange(value.seats.filter((seat) => seat.free).length)
    if (!isLive && error !== undefined) console.warn(error.sentence)
  })
  return () => watches.close()
}
