import { createClient } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { createClusterTransport, newRequestId, openCommandStream } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import type { TestCluster } from '../../../tools/testing/cluster.ts'
import { eventually } from './waiting.ts'

/** Of rows, by one train: its calendar has 732 single days. */
const bytesByTrain = 6 * 2 ** 10

/** Gives a cluster that has the demo so many MiB of state, in a second or two: trains that run on odd days in 2030 and 2032. */
export async function addMuchState(cluster: TestCluster, mib: number): Promise<void> {
  const endpoints = cluster.addresses.nodes
  const transport = createClusterTransport({
    endpoints,
    createTransport: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '1.1' }),
  })
  const accounts = createClient(AccountService, transport)
  const { sessionToken } = await eventually(() => accounts.logIn(cluster.logins.staff), 60_000)
  const stream = openCommandStream({
    endpoints,
    createTransport: (baseUrl) => createConnectTransport({ baseUrl, httpVersion: '2' }),
    header: { authorization: `Bearer ${sessionToken}` },
  })
  const train = {
    timeZone: 'UTC',
    stops: [
      { stationCode: 'PMR', arrival: '08:00', departure: '08:00', distanceMetres: 0 },
      { stationCode: 'VDC', arrival: '09:30', departure: '09:30', distanceMetres: 100_000 },
    ],
    coaches: [{ label: '1', classCode: '2', rows: 2, columns: 'AB-CD' }],
    calendar: {
      ...{ weekdays: 0, fromDate: '2030-01-01', toDate: '2032-12-31' },
      addedDates: daysOf(2030),
      removedDates: daysOf(2032),
    },
  }
  const { addTrain } = AdministrationService.method
  const trains = Math.ceil((mib * 2 ** 20) / bytesByTrain)
  const add = (at: number) =>
    stream.call(addTrain, { ...train, requestId: newRequestId(), number: `Much ${at}` })
  // Who can log in is there before the demo's stations are.
  await eventually(() => add(0), 60_000)
  await Promise.all(Array.from({ length: trains - 1 }, (_, at) => add(at + 1)))
  await stream.close()
}

function daysOf(year: number): string[] {
  const dayMs = 86_400_000
  const days = (Date.UTC(year + 1, 0, 1) - Date.UTC(year, 0, 1)) / dayMs
  return Array.from({ length: days }, (_, day) =>
    new Date(Date.UTC(year, 0, 1) + day * dayMs).toISOString().slice(0, 10),
  )
}
