import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { createClusterTransport, createSeenIndex, readAs, sourceIndex } from '../src/index.ts'

/** Looks for stations: never as they were before what this program has seen, and as they are at this moment when it matters. */
export async function findStations(endpoints: readonly string[], text: string) {
  const seen = createSeenIndex()
  const transport = createClusterTransport({
    endpoints,
    createTransport: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '1.1' }),
    reads: seen,
  })
  const timetable = createClient(TimetableService, transport)
  const first = await timetable.searchStations({ text })
  const again = await timetable.searchStations({ text })
  const exact = await timetable.searchStations({ text }, readAs('linearizable'))
  return [first, again, exact].map((answer) => ({
    names: answer.stations.map(({ name }) => name),
    index: sourceIndex(answer),
  }))
}
