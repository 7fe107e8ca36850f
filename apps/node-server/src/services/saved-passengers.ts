import type { ServiceImpl } from '@connectrpc/connect'
import { passengersOf } from '@quorail/booking-fsm'
import {
  type AccountService,
  ForgetPassengerRequestSchema,
  SavePassengerRequestSchema,
} from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { invalidField } from '../errors/door-errors.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'

type Passengers = Pick<
  ServiceImpl<typeof AccountService>,
  'listPassengers' | 'savePassenger' | 'forgetPassenger'
>

export function savedPassengers({ host }: ServiceDependencies): Passengers {
  return {
    async listPassengers(_request, context) {
      await settleRead(host)
      const { accountId } = callerOf(context).account
      return {
        passengers: passengersOf(host.state, accountId).map(({ passengerId, ...said }) => ({
          ...said,
          passengerId: BigInt(passengerId),
        })),
      }
    },

    async savePassenger(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'SavePassenger',
        request.requestId,
        SavePassengerRequestSchema,
        request,
      )
      const { passenger } = request
      const name = passenger?.name.normalize('NFC').replace(/\s+/gu, ' ').trim() ?? ''
      if (name === '') throw invalidField('passenger.name', 'A passenger needs a name.')
      const command = {
        type: 'savePassenger',
        passengerId: Number(passenger?.passengerId ?? 0),
        name,
        passengerType: passenger?.passengerType ?? '',
        birthDate: passenger?.birthDate ?? 0,
        document: passenger?.document.trim() ?? '',
      } as const
      const { reply } = await submit(host, accountId, key, command, 'passengerSaved')
      return { passengerId: BigInt(reply.passengerId) }
    },

    async forgetPassenger(request, context) {
      const { accountId } = callerOf(context).account
      const key = requestKey(
        accountPrincipal(accountId),
        'ForgetPassenger',
        request.requestId,
        ForgetPassengerRequestSchema,
        request,
      )
      const passengerId = Number(request.passengerId)
      await submit(host, accountId, key, { type: 'forgetPassenger', passengerId }, 'done')
      return {}
    },
  }
}
