import { type Timestamp, timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  info,
  ledgerTotals,
  listVouchers,
  type SetFareProducts,
  type VoucherView,
} from '@quorail/booking-fsm'
import {
  ApplyVoucherRequestSchema,
  type FareService,
  type IssueVoucherRequest,
  IssueVoucherRequestSchema,
  RemoveVoucherRequestSchema,
  type SetFareProductsRequest,
  SetFareProductsRequestSchema,
} from '@quorail/proto/quorail/booking/v1/fare_service_pb'
import { invalidField } from '../errors/door-errors.ts'
import { reasonWord } from '../mapping/disruptions.ts'
import { requiredWords } from '../mapping/passenger-data.ts'
import { money } from '../mapping/views.ts'
import { ownBooking } from './booking-view.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'
import { fixedFaresOf } from './tariff.ts'
import { appliedIndex } from './timetable-answers.ts'
import { makeVoucherCode, voucherHash } from './voucher-code.ts'

const minute = 60_000
const vouchersAtMost = 500

export function createFareService({ host }: ServiceDependencies): ServiceImpl<typeof FareService> {
  return {
    async setFareProducts(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'SetFareProducts',
        request.requestId,
        SetFareProductsRequestSchema,
        request,
      )
      await submit(host, accountId, key, productsOf(request), 'done')
      return {}
    },

    makeVoucherCode: () => ({ code: makeVoucherCode() }),

    async issueVoucher(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'IssueVoucher',
        request.requestId,
        IssueVoucherRequestSchema,
        request,
      )
      const { reply } = await submit(host, accountId, key, voucherOf(request), 'voucherIssued')
      return { voucherId: BigInt(reply.voucherId) }
    },

    async applyVoucher(request, context) {
      const { accountId } = callerOf(context).account
      const bookingId = Number(request.bookingId)
      const key = requestKey(
        accountPrincipal(accountId),
        'ApplyVoucher',
        request.requestId,
        ApplyVoucherRequestSchema,
        request,
      )
      const command = { type: 'applyVoucher', bookingId, codeHash: hashOf(request.code) } as const
      await submit(host, accountId, key, command, 'voucherApplied')
      return { booking: ownBooking(host, accountId, bookingId) }
    },

    async removeVoucher(request, context) {
      const { accountId } = callerOf(context).account
      const bookingId = Number(request.bookingId)
      const key = requestKey(
        accountPrincipal(accountId),
        'RemoveVoucher',
        request.requestId,
        RemoveVoucherRequestSchema,
        request,
      )
      await submit(host, accountId, key, { type: 'removeVoucher', bookingId }, 'done')
      return { booking: ownBooking(host, accountId, bookingId) }
    },

    async listVouchers({ afterVoucherId }) {
      await settleRead(host)
      const { state } = host
      const { currency } = info(state)
      const found = listVouchers(state, Number(afterVoucherId), vouchersAtMost)
      const last = found.length < vouchersAtMost ? 0 : (found.at(-1)?.voucherId ?? 0)
      return {
        vouchers: found.map((it) => voucherMessage(it, currency)),
        nextAfterVoucherId: BigInt(last),
        // What is owed is a credit.
        outstanding: money(0 - ledgerTotals(state).voucherLiability, currency),
        index: appliedIndex(state),
      }
    },
  }
}

function productsOf({ validFrom, products, requires }: SetFareProductsRequest): SetFareProducts {
  return {
    type: 'setFareProducts',
    validFromMs: timestampMs(validFrom as Timestamp),
    products: products.map((of) => ({
      code: of.code,
      name: of.name,
      classCode: of.classCode,
      trainPrefix: of.trainPrefix,
      fareBasisPoints: of.fareBasisPoints,
      fixedFares: of.fixedFares && fixedFaresOf(of.fixedFares),
      places: of.places,
      soldUntilBeforeMs: of.soldUntilMinutesBeforeDeparture * minute,
      refundable: of.refundable,
      exchangeable: of.exchangeable,
      requires: requiredWords(of.requires),
    })),
    requires: requiredWords(requires),
  }
}

function voucherOf(request: IssueVoucherRequest) {
  const { validFrom, validTo } = request
  const reason = reasonWord(request.reason)
  if (reason === undefined) throw invalidField('reason', 'Say why it is given.')
  return {
    type: 'issueVoucher',
    codeHash: hashOf(request.code),
    amountMinor: Number(request.amountMinor),
    basisPoints: request.basisPoints,
    maximumMinor: Number(request.maximumMinor),
    minimumMinor: Number(request.minimumMinor),
    validFromMs: timestampMs(validFrom as Timestamp),
    validToMs: timestampMs(validTo as Timestamp),
    once: request.once,
    accountId: Number(request.accountId),
    reason,
  } as const
}

/** The code goes no further than here. */
function hashOf(code: string): string {
  const hash = voucherHash(code)
  if (hash === undefined) {
    throw invalidField('code', 'The code is mistyped: its last character does not fit the others.')
  }
  return hash
}

function voucherMessage(voucher: VoucherView, currency: string) {
  return {
    voucherId: BigInt(voucher.voucherId),
    amount: money(voucher.amountMinor, currency),
    left: money(voucher.leftMinor, currency),
    expired: money(voucher.expiredMinor, currency),
    taken: money(voucher.takenMinor, currency),
    bookings: voucher.bookings,
    basisPoints: voucher.basisPoints,
    maximum: money(voucher.maximumMinor, currency),
    minimum: money(voucher.minimumMinor, currency),
    validFrom: timestampFromMs(voucher.validFromMs),
    validTo: timestampFromMs(voucher.validToMs),
    once: voucher.once,
    accountId: BigInt(voucher.accountId),
    issuedBy: BigInt(voucher.issuedBy),
    issuedAt: timestampFromMs(voucher.issuedAtMs),
  }
}
