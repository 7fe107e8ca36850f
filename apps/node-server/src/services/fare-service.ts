import { type Timestamp, timestampMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import type { SetFareProducts } from '@quorail/booking-fsm'
import {
  type FareService,
  type SetFareProductsRequest,
  SetFareProductsRequestSchema,
} from '@quorail/proto/quorail/booking/v1/fare_service_pb'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  submit,
} from './dependencies.ts'
import { fixedFaresOf } from './tariff.ts'

const minute = 60_000

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
  }
}

function productsOf({ validFrom, products }: SetFareProductsRequest): SetFareProducts {
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
    })),
  }
}
