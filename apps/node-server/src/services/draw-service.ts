import { randomBytes } from 'node:crypto'
import { create } from '@bufbuild/protobuf'
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import { type DrawView, drawNumber, findDraw, listDraws } from '@quorail/booking-fsm'
import {
  DrawEntrySchema,
  DrawSchema,
  type DrawService,
  DrawStatus,
  EnterDrawRequestSchema,
  OpenDrawRequestSchema,
  RevealSeedRequestSchema,
} from '@quorail/proto/quorail/booking/v1/draw_service_pb'
import { principalKey } from '../auth/principal.ts'
import { internalError } from '../errors/door-errors.ts'
import { refusalError } from '../errors/refusals.ts'
import type { ReportReader } from '../reports/report-reader.ts'
import { passengersOf } from './booking-view.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'
import { appliedIndex } from './timetable-answers.ts'

export function createDrawService(
  { host }: ServiceDependencies,
  reports: ReportReader | undefined,
): ServiceImpl<typeof DrawService> {
  return {
    async openDraw(request, context) {
      const { accountId } = callerOf(context).account
      const principal = accountPrincipal(accountId)
      const { requestId } = request
      const key = requestKey(principal, 'OpenDraw', requestId, OpenDrawRequestSchema, request)
      const ms = (at: Parameters<typeof timestampMs>[0] | undefined) =>
        at === undefined ? 0 : timestampMs(at)
      const command = {
        type: 'openDraw',
        runIds: request.runIds.map(Number),
        windowFromMs: ms(request.windowFrom),
        windowToMs: ms(request.windowTo),
        revealByMs: ms(request.revealBy),
        holdMs: request.holdSeconds * 1_000,
        seedCommitment: request.seedCommitment,
      } as const
      const { reply } = await submit(host, accountId, key, command, 'drawOpened')
      return { drawId: BigInt(reply.drawId) }
    },

    async enterDraw(request, context) {
      const { accountId } = callerOf(context).account
      const principal = accountPrincipal(accountId)
      const { requestId } = request
      const key = requestKey(principal, 'EnterDraw', requestId, EnterDrawRequestSchema, request)
      const salt = request.salt || randomBytes(16).toString('hex')
      const command = {
        type: 'enterDraw',
        drawId: Number(request.drawId),
        wishes: request.wishes.map(({ runId, fromStop, toStop, classCode }) => ({
          runId: Number(runId),
          fromStop,
          toStop,
          classCode,
        })),
        passengers: passengersOf(request),
        salt,
      } as const
      const { reply } = await submit(host, accountId, key, command, 'drawEntered')
      return { number: reply.number, salt }
    },

    async revealSeed(request, context) {
      const { accountId } = callerOf(context).account
      const principal = accountPrincipal(accountId)
      const { requestId, seed } = request
      const key = requestKey(principal, 'RevealSeed', requestId, RevealSeedRequestSchema, request)
      const command = { type: 'revealSeed', drawId: Number(request.drawId), seed } as const
      await submit(host, accountId, key, command, 'done')
      return {}
    },

    async listDraws() {
      await settleRead(host)
      const draws = listDraws(host.state, 100).map(drawMessage)
      return { draws, index: appliedIndex(host.state) }
    },

    async getDraw(request, context) {
      await settleRead(host)
      const drawId = Number(request.drawId)
      const draw = findDraw(host.state, drawId)
      if (draw === undefined) {
        throw refusalError({
          type: 'refused',
          code: 'drawNotFound',
          seats: [],
          figure: 0,
          field: '',
        })
      }
      const account = context.values.get(principalKey)?.account
      const ownNumber =
        account === undefined ? 0 : drawNumber(host.state, drawId, account.accountId)
      if (reports === undefined) throw internalError(new Error('this node has no database'))
      const query = { kind: 'draw', drawId, afterNumber: request.afterNumber } as const
      const { rows, index } = await reports.read(query).catch((error: unknown) => {
        throw internalError(error)
      })
      return {
        draw: drawMessage(draw),
        entries: rows.map(([number, salt, orderKey, rank, bookingId]) =>
          create(DrawEntrySchema, {
            number: Number(number),
            salt: String(salt),
            orderKey: String(orderKey),
            rank: Number(rank),
            won: Number(bookingId) > 0,
          }),
        ),
        ownNumber,
        index: BigInt(index),
      }
    },
  }
}

function drawMessage(draw: DrawView) {
  const { drawId, runIds, seedCommitment, seed, entered, drawn, digest } = draw
  return create(DrawSchema, {
    drawId: BigInt(drawId),
    runIds: runIds.map(BigInt),
    windowFrom: timestampFromMs(draw.windowFromMs),
    windowTo: timestampFromMs(draw.windowToMs),
    revealBy: timestampFromMs(draw.revealByMs),
    holdSeconds: Math.floor(draw.holdMs / 1_000),
    seedCommitment,
    seed,
    status: statuses[draw.status],
    entered,
    drawn,
    digest,
  })
}

const statuses: Readonly<Record<DrawView['status'], DrawStatus>> = {
  entering: DrawStatus.ENTERING,
  ordering: DrawStatus.ORDERING,
  holding: DrawStatus.HOLDING,
  done: DrawStatus.DONE,
}
