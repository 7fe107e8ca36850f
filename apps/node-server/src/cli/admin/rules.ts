import { timestampFromDate } from '@bufbuild/protobuf/wkt'
import { UsageError } from '../usage-error.ts'
import type { AdminContext } from './context.ts'
import { print } from './print.ts'
import { instant, none } from './words.ts'

/** Dated rules; of one kind, or all. */
export async function adminRules(
  { admin, options, limit }: AdminContext,
  [kind = '', ...rest]: readonly string[],
): Promise<void> {
  none(rest)
  const { at, past, page = '' } = options
  const then = at === undefined ? undefined : new Date(at)
  if (then !== undefined && Number.isNaN(then.getTime()))
    throw new UsageError(`--at must be an instant like 2026-12-24T00:00:00Z, not "${at}".`)
  const found = await admin.listRules({
    kind,
    ...(then === undefined ? {} : { at: timestampFromDate(then) }),
    withPast: past,
    pageToken: page,
    limit,
  })
  const rules = found.rules.map((rule) => ({
    kind: rule.kind,
    number: Number(rule.ruleId),
    validFrom: instant(rule.validFrom),
    counts: rule.counts,
    content: JSON.parse(rule.content) as unknown,
  }))
  print(
    {
      headings: ['KIND', 'NUMBER', 'VALID FROM', 'COUNTS', 'CONTENT'],
      lines: rules.map((it) => [
        it.kind,
        String(it.number),
        it.validFrom,
        it.counts ? 'yes' : '',
        JSON.stringify(it.content),
      ]),
      json: { rules, kinds: found.kinds },
      nextPage: found.nextPageToken,
    },
    options.json,
  )
}
