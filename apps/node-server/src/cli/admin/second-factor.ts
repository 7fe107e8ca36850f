import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { newRequestId } from '@quorail/cluster-client'
import { UsageError } from '../usage-error.ts'
import type { AdminContext } from './context.ts'
import { type Found, print } from './print.ts'
import { accountIdOf, instant, meant, none, roles } from './words.ts'

type Act = (context: AdminContext, word: string | undefined) => Promise<Found>

/** One's own second factor, who needs one, and resets. */
export async function adminSecondFactor(
  context: AdminContext,
  [what = 'show', word, ...rest]: readonly string[],
): Promise<void> {
  none(rest)
  print(
    await meant(acts, what, '"second-factor" is followed by what it does, which')(context, word),
    context.options.json,
  )
}

const acts: Readonly<Record<string, Act>> = {
  show: async ({ factors }, word) => {
    none(word === undefined ? [] : [word])
    const { enabled, required, recoveryCodes, available } = await factors.getSecondFactor({})
    return facts({ enabled, required, recoveryCodes, available })
  },
  begin: async ({ factors, password }, word) => {
    none(word === undefined ? [] : [word])
    const { secret, uri } = await factors.beginSecondFactor({ password: password() })
    return facts({ secret, uri })
  },
  enable: async ({ factors }, word) => {
    const { recoveryCodes } = await factors.enableSecondFactor({ code: codeIn(word) })
    return {
      headings: ['RECOVERY CODES, EACH COUNTS ONCE, SHOWN ONLY NOW'],
      lines: recoveryCodes.map((code) => [code]),
      json: { recoveryCodes },
      nextPage: '',
    }
  },
  disable: async ({ factors, password }, word) => {
    await factors.disableSecondFactor({ password: password(), code: codeIn(word) })
    return facts({ enabled: false })
  },
  require: async ({ factors, options }, word) => {
    const from = new Date(options.at ?? '')
    if (Number.isNaN(from.getTime()))
      throw new UsageError('Say from when on: --at 2026-12-24T00:00:00Z.')
    const words = word === undefined || word === 'nobody' ? [] : word.split(',')
    await factors.setSecondFactorRule({
      requestId: newRequestId(),
      validFrom: timestampFromDate(from),
      roles: words.map((role) => meant(needing, role, 'A role that may need one')),
    })
    return facts({ roles: words.join(',') || 'nobody', from: from.toISOString() })
  },
  ask: async (context, word) => {
    const accountId = await accountIdOf(context, word)
    await context.factors.askSecondFactorReset({ requestId: newRequestId(), accountId })
    return facts({ asked: Number(accountId) })
  },
  approve: async (context, word) => {
    const accountId = await accountIdOf(context, word)
    await context.factors.approveSecondFactorReset({ requestId: newRequestId(), accountId })
    return facts({ reset: Number(accountId) })
  },
  resets: async ({ factors }, word) => {
    none(word === undefined ? [] : [word])
    const found = await factors.listSecondFactorResets({})
    const resets = found.resets.map((it) => ({
      account: Number(it.accountId),
      askedBy: Number(it.askedBy),
      askedAt: instant(it.askedAt),
    }))
    return {
      headings: ['ACCOUNT', 'ASKED BY', 'ASKED'],
      lines: resets.map((it) => Object.values(it).map(String)),
      json: { resets },
      nextPage: '',
    }
  },
}

const needing = { staff: roles.staff, operator: roles.operator } as const

function codeIn(word: string | undefined): string {
  if (word !== undefined) return word
  throw new UsageError('Say the code that the device shows.')
}

const facts = (named: Readonly<Record<string, string | number | boolean>>): Found => ({
  headings: ['WHAT', 'VALUE'],
  lines: Object.entries(named).map(([name, value]) => [name, String(value)]),
  json: named,
  nextPage: '',
})
