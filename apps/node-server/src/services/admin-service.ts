import { create } from '@bufbuild/protobuf'
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  findAccount,
  listRules,
  listRunStates,
  ruleKinds,
  runStateNames,
} from '@quorail/booking-fsm'
import {
  type AdminService,
  DatedRuleSchema,
  EndSessionsRequestSchema,
  RunOverviewSchema,
} from '@quorail/proto/quorail/booking/v1/admin_service_pb'
import { internalError, invalidField } from '../errors/door-errors.ts'
import { refusalError } from '../errors/refusals.ts'
import { dateText } from '../mapping/views.ts'
import { readSettled } from '../reports/read-settled.ts'
import type { AnyQuery, ReportRows } from '../reports/report-queries.ts'
import type { ReportReader } from '../reports/report-reader.ts'
import { daysBetween } from '../timetable/service-days.ts'
import { accountPage, accountSearch, foundAccounts } from './admin-accounts.ts'
import { trainPage } from './admin-trains.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'
import { appliedIndex, dateNumber } from './timetable-answers.ts'

const daysAtMost = 31

export function createAdminService(
  { host }: ServiceDependencies,
  reports: ReportReader | undefined,
): ServiceImpl<typeof AdminService> {
  const read = async (query: AnyQuery): Promise<ReportRows> => {
    if (reports === undefined) throw internalError(new Error('this node has no database'))
    const atLeast = Number(appliedIndex(host.state))
    return readSettled(reports, query, atLeast).catch((error: unknown) => {
      throw internalError(error)
    })
  }
  return {
    async searchAccounts(request) {
      await settleRead(host)
      return foundAccounts(await read(accountSearch(request)))
    },

    async getAccountPage({ accountId }) {
      await settleRead(host)
      const account = findAccount(host.state, Number(accountId))
      if (account === undefined) throw refusalError(noAccount)
      const about = `account:${accountId}`
      const bounds = { after: 0, before: Number.MAX_SAFE_INTEGER, newestFirst: true, limit: 100 }
      const history =
        reports === undefined
          ? []
          : (await read({ kind: 'audit', subjects: [about], ...bounds })).rows
      return accountPage(host, account, history)
    },

    async endSessions(request, context) {
      const { accountId: actor } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(actor),
        'EndSessions',
        request.requestId,
        EndSessionsRequestSchema,
        request,
      )
      const accountId = Number(request.accountId)
      await submit(host, actor, key, { type: 'endSessions', accountId }, 'done')
      return {}
    },

    async listRules({ kind, at, withPast, pageToken, limit }) {
      await settleRead(host)
      if (kind !== '' && !ruleKinds.includes(kind)) {
        throw invalidField('kind', `There are rules of these kinds: ${ruleKinds.join(', ')}.`)
      }
      const rules = listRules(host.state, {
        kind: kind || undefined,
        atMs: at === undefined ? host.nowMs() : timestampMs(at),
        withoutPast: !withPast,
      })
      const nameOf = (rule: (typeof rules)[number]) => `${rule.kind}:${rule.ruleId}`
      const from = pageToken === '' ? 0 : rules.findIndex((rule) => nameOf(rule) === pageToken) + 1
      if (pageToken !== '' && from === 0) {
        throw invalidField('page_token', 'There is no such page any more; begin again.')
      }
      const page = rules.slice(from, from + (limit || 50))
      const last = page.at(-1)
      return {
        rules: page.map((rule) =>
          create(DatedRuleSchema, {
            kind: rule.kind,
            ruleId: BigInt(rule.ruleId),
            validFrom: timestampFromMs(rule.validFromMs),
            content: JSON.stringify(rule.content),
            counts: rule.counts,
          }),
        ),
        kinds: [...ruleKinds],
        nextPageToken:
          last === undefined || from + page.length === rules.length ? '' : nameOf(last),
        index: appliedIndex(host.state),
      }
    },

    async listRunStates(request) {
      await settleRead(host)
      const fromDate = dateNumber(request.fromDate, 'from_date')
      const toDate = dateNumber(request.toDate, 'to_date')
      const trainId = request.trainId > 0n ? Number(request.trainId) : undefined
      if (trainId === undefined && daysBetween(fromDate, toDate) >= daysAtMost) {
        throw invalidField('to_date', `Of all trains at most ${daysAtMost} days at a time.`)
      }
      if (request.state !== '' && !runStateNames.includes(request.state)) {
        throw invalidField('state', `A run may be: ${runStateNames.join(', ')}.`)
      }
      const limit = request.limit || 20
      const runs = listRunStates(host.state, {
        trainId,
        fromDate,
        toDate,
        runState: request.state || undefined,
        afterRunId: Number(request.afterRunId),
        limit,
        nowMs: host.nowMs(),
      })
      const last = runs.length === limit ? (runs.at(-1)?.runId ?? 0) : 0
      return {
        runs: runs.map((run) =>
          create(RunOverviewSchema, {
            runId: BigInt(run.runId),
            trainId: BigInt(run.trainId),
            trainNumber: run.trainNumber,
            serviceDate: dateText(run.serviceDate),
            departsAt: timestampFromMs(run.departureMs),
            states: [...run.states],
            classes: run.classes.map((of) => ({ ...of })),
          }),
        ),
        states: [...runStateNames],
        nextAfterRunId: BigInt(last),
        index: appliedIndex(host.state),
      }
    },

    async getTrain(request) {
      await settleRead(host)
      return trainPage(host.state, request)
    },
  }
}

const noAccount = {
  type: 'refused',
  code: 'accountNotFound',
  seats: [],
  figure: 0,
  field: 'account_id',
} as const
