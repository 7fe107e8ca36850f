import { type Client, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import type { Command, RefusalCode, Reply, TrainTimesView } from '@quorail/booking-fsm'
import { newRequestId } from '@quorail/cluster-client'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { ErrorDetailSchema } from '@quorail/proto/quorail/cluster/v1/errors_pb'
import { refusalTexts } from '../errors/refusals.ts'
import { encodeLogEntry } from '../mapping/log-entry.ts'
import { dateText } from '../mapping/views.ts'

export interface ImportSender {
  /** Sends a step of an import, under one request id over all its retries. */
  send(command: Command): Promise<Reply>
  trainsOnSale(fromDate: number): Promise<readonly TrainTimesView[]>
}

export function createImportSender(transport: Transport): ImportSender {
  const client = createClient(AdministrationService, transport)
  return {
    send: (command) => sendStep(client, command),
    trainsOnSale: (fromDate) => trainsOnSale(client, fromDate),
  }
}

type Administration = Client<typeof AdministrationService>

async function sendStep(client: Administration, command: Command): Promise<Reply> {
  const bytes = encodeLogEntry({ actor: 0, key: undefined, command }, 0)
  const request = { requestId: newRequestId(), command: bytes }
  try {
    // A step applies in milliseconds, but an election may come between.
    const answer = await client.importStep(request, { timeoutMs: 60_000 })
    return replyOf(command, Number(answer.id), answer.runsSkipped)
  } catch (error) {
    const refusal = refusalOf(error)
    if (refusal === undefined) throw error
    return refusal
  }
}

async function trainsOnSale(client: Administration, fromDate: number): Promise<TrainTimesView[]> {
  const trains: TrainTimesView[] = []
  let afterTrainId = 0n
  do {
    const asked = { afterTrainId, fromDate: dateText(fromDate), limit: 100 }
    const part = await client.listTrainTimes(asked, { timeoutMs: 60_000 })
    for (const { trainId, number, name, imported, stops, days } of part.trains) {
      const runs = days.map(({ serviceDate, baseMs, cancelled }) => ({
        serviceDate,
        baseMs: Number(baseMs),
        cancelled,
      }))
      trains.push({ trainId: Number(trainId), number, name, imported, stops, runs })
    }
    afterTrainId = part.nextAfterTrainId
  } while (afterTrainId > 0n)
  return trains
}

function replyOf(command: Command, id: number, skipped: number): Reply {
  switch (command.type) {
    case 'beginImport':
      return { type: 'importBegun', importId: id }
    case 'addTrain':
      return { type: 'trainAdded', trainId: id }
    case 'addRuns':
      return { type: 'runsAdded', runIds: [], skipped }
    default:
      return { type: 'done' }
  }
}

const refusalCodes = new Map(
  Object.entries(refusalTexts).map(([code, { code: shown }]) => [shown, code as RefusalCode]),
)

/** A refusal of the state machine, back from the error it travelled in. */
function refusalOf(error: unknown): Extract<Reply, { type: 'refused' }> | undefined {
  const detail = ConnectError.from(error).findDetails(ErrorDetailSchema)[0]
  const code = refusalCodes.get(detail?.code ?? '')
  if (detail === undefined || code === undefined) return undefined
  const { field, seats } = detail
  return { type: 'refused', code, seats, figure: Number(detail.figure), field }
}
