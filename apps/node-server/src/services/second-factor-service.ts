import type { DescMessage, MessageShape } from '@bufbuild/protobuf'
import { timestampFromMs, timestampMs } from '@bufbuild/protobuf/wkt'
import type { HandlerContext, ServiceImpl } from '@connectrpc/connect'
import {
  type Command,
  factorResets,
  findSecondFactor,
  needsSecondFactor,
} from '@quorail/booking-fsm'
import { AccountRole } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import {
  ApproveSecondFactorResetRequestSchema,
  AskSecondFactorResetRequestSchema,
  type SecondFactorService,
  SetSecondFactorRuleRequestSchema,
} from '@quorail/proto/quorail/booking/v1/second_factor_service_pb'
import { newRecoveryCodes, recoveryHash } from '../auth/recovery-codes.ts'
import { base32, keyUri, newSecret, stepOf } from '../auth/totp.ts'
import { invalidField, secondFactorUnavailable, wrongCode } from '../errors/door-errors.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'
import { aboutFactor, mustKnowPassword, secretOf, withProof } from './second-factor.ts'

const roles = {
  [AccountRole.UNSPECIFIED]: 'passenger',
  [AccountRole.PASSENGER]: 'passenger',
  [AccountRole.STAFF]: 'staff',
  [AccountRole.OPERATOR]: 'operator',
  [AccountRole.GUEST]: 'guest',
  [AccountRole.AGENT]: 'agent',
} as const

export function createSecondFactorService(
  deps: ServiceDependencies,
): ServiceImpl<typeof SecondFactorService> {
  const { host, seal } = deps
  /** Puts the command into the log under the caller's request. */
  const send = async <Desc extends DescMessage>(
    context: HandlerContext,
    method: string,
    schema: Desc,
    request: MessageShape<Desc> & { readonly requestId: string },
    command: Command,
  ) => {
    const { accountId } = callerOf(context).account
    const principal = accountPrincipal(accountId)
    const key = requestKey(principal, method, request.requestId, schema, request)
    await submit(host, accountId, key, command, 'done')
    return {}
  }
  return {
    async getSecondFactor(_request, context) {
      await settleRead(host)
      const { accountId } = callerOf(context).account
      const factor = findSecondFactor(host.state, accountId)
      return {
        enabled: factor?.enabled ?? false,
        required: needsSecondFactor(host.state, accountId, host.nowMs()),
        recoveryCodes: factor?.recoveryCodes ?? 0,
        available: seal !== undefined,
      }
    },

    async beginSecondFactor({ password }, context) {
      const { account } = callerOf(context)
      if (seal === undefined) throw secondFactorUnavailable()
      await mustKnowPassword(deps, account, password)
      const { accountId, email } = account
      const secret = newSecret()
      const sealedSecret = seal.seal(secret, aboutFactor(accountId))
      const command = { type: 'beginSecondFactor', sealedSecret } as const
      await submit(host, accountId, undefined, command, 'done')
      return { secret: base32(secret), uri: keyUri(secret, email) }
    },

    async enableSecondFactor({ code }, context) {
      const { account, sessionHash } = callerOf(context)
      const { accountId } = account
      await settleRead(host)
      const step = stepOf(secretOf(host, seal, accountId), code, host.nowMs())
      if (step === undefined) throw wrongCode()
      const recoveryCodes = newRecoveryCodes()
      const recoveryHashes = recoveryCodes.map(recoveryHash)
      const proved = { step, recoveryHashes, keepTokenHash: sessionHash }
      const command = { type: 'enableSecondFactor', ...proved } as const
      await submit(host, accountId, undefined, command, 'done')
      return { recoveryCodes }
    },

    async disableSecondFactor({ password, code }, context) {
      const { account, sessionHash } = callerOf(context)
      const { accountId } = account
      await settleRead(host)
      await mustKnowPassword(deps, account, password)
      await withProof(deps, accountId, code, (proof) => {
        const keepTokenHash = sessionHash
        const command = { type: 'disableSecondFactor', ...proof, keepTokenHash } as const
        return submit(host, accountId, undefined, command, 'done')
      })
      return {}
    },

    setSecondFactorRule(request, context) {
      const { validFrom } = request
      if (validFrom === undefined) throw invalidField('valid_from', 'A rule needs an instant.')
      return send(context, 'SetSecondFactorRule', SetSecondFactorRuleRequestSchema, request, {
        type: 'setSecondFactorRule',
        validFromMs: timestampMs(validFrom),
        roles: request.roles.map((role) => roles[role]),
      })
    },

    askSecondFactorReset(request, context) {
      return send(context, 'AskSecondFactorReset', AskSecondFactorResetRequestSchema, request, {
        type: 'askSecondFactorReset',
        accountId: Number(request.accountId),
      })
    },

    approveSecondFactorReset(request, context) {
      const schema = ApproveSecondFactorResetRequestSchema
      return send(context, 'ApproveSecondFactorReset', schema, request, {
        type: 'approveSecondFactorReset',
        accountId: Number(request.accountId),
      })
    },

    async listSecondFactorResets() {
      await settleRead(host)
      return {
        resets: factorResets(host.state).map((it) => ({
          accountId: BigInt(it.accountId),
          askedBy: BigInt(it.askedBy),
          askedAt: timestampFromMs(it.askedAtMs),
        })),
      }
    },
  }
}
