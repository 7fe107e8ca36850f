import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createClient, type Interceptor } from '@connectrpc/connect'
import { createConnectTransport } from '@connectrpc/connect-node'
import { createClusterTransport, describeError } from '@quorail/cluster-client'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { dateNumber } from '../services/timetable-service.ts'
import { importGtfs } from '../timetable/gtfs/import-gtfs.ts'
import { clientUrls } from './client-urls.ts'
import { createImportSender } from './import-sender.ts'

export const importUsage = `quorail import-gtfs FILE: brings a timetable (GTFS, a zip file or a folder) into the cluster

  --cluster LIST          the nodes, as for serve (default: those of npm start, localhost:3001 to 3003)
  --email EMAIL           a staff account; its password comes from QUORAIL_PASSWORD
  --data DIR              or: log in as the staff of the demo in this folder (default .quorail)
  --shift-dates-to DATE   moves the feed so that it begins then, by whole weeks (YYYY-MM-DD)
  --days-ahead N          opens runs at most so many days ahead
  --abort-open-import     gives up an import that was left open
  --json                  prints the result as JSON

Exit codes: 0 on sale; 1 not readable as GTFS, or refused: nothing was put on sale; 2 wrong usage.
`

export async function runImportGtfs(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      cluster: { type: 'string' },
      email: { type: 'string' },
      data: { type: 'string', default: '.quorail' },
      'shift-dates-to': { type: 'string' },
      'days-ahead': { type: 'string' },
      'abort-open-import': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const [source] = positionals
  if (values.help || source === undefined || positionals.length > 1) {
    process.stderr.write(importUsage)
    return values.help ? 0 : 2
  }
  const shift = values['shift-dates-to']
  const daysAhead = values['days-ahead']
  const login = loginOf(values.email, values.data)
  const result = await importGtfs({
    source,
    nowMs: Date.now(),
    abortOpenImport: values['abort-open-import'],
    ...(shift === undefined ? {} : { shiftDatesTo: dateNumber(shift, '--shift-dates-to') }),
    ...(daysAhead === undefined ? {} : { daysAhead: Number(daysAhead) }),
    send: lazily(() => connect(clientUrls(values.cluster), login)),
    log: (text) => process.stderr.write(`${text}\n`),
  })
  if (values.json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`)
  return result.status === 'imported' ? 0 : 1
}

type Send = ReturnType<typeof createImportSender>

/** The feed is read and checked before anybody is called. */
function lazily(open: () => Promise<Send>): Send {
  let opened: Promise<Send> | undefined
  return async (command) => {
    opened ??= open()
    return (await opened)(command)
  }
}

interface Login {
  readonly email: string
  readonly password: string
}

async function connect(endpoints: readonly string[], login: Login): Promise<Send> {
  const bare = transportTo(endpoints)
  const { sessionToken } = await createClient(AccountService, bare).logIn(login)
  const authorise: Interceptor = (next) => (request) => {
    request.header.set('authorization', `Bearer ${sessionToken}`)
    return next(request)
  }
  return createImportSender(transportTo(endpoints, [authorise]))
}

const transportTo = (endpoints: readonly string[], interceptors: Interceptor[] = []) =>
  createClusterTransport({
    endpoints,
    createTransport: (baseUrl) =>
      createConnectTransport({ baseUrl, httpVersion: '1.1', interceptors }),
  })

function loginOf(email: string | undefined, dataFolder: string): Login {
  if (email !== undefined) {
    const password = process.env.QUORAIL_PASSWORD
    if (password === undefined) throw new Error('Set QUORAIL_PASSWORD to the password of --email.')
    return { email, password }
  }
  const file = `${dataFolder}/demo.json`
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { staff: Login }).staff
  } catch {
    throw new Error(
      `There is no demo login in ${file}. Say --data DIR, or --email EMAIL with QUORAIL_PASSWORD.`,
    )
  }
}

/** One line for a person. */
export function importFailure(error: unknown): string {
  const { code, sentence, nextStep } = describeError(error)
  return code === 'UNKNOWN' && error instanceof Error ? error.message : `${sentence} ${nextStep}`
}
