import { type DescMessage, isMessage, type Message } from '@bufbuild/protobuf'
import { createValidator, type Violation } from '@bufbuild/protovalidate'
import type { Interceptor } from '@connectrpc/connect'
import { internalError, invalidField } from '../errors/door-errors.ts'
import { quickCheck } from './quick-check.ts'

/** Throws for a message that breaks a rule of its schema. */
export type RequestCheck = (desc: DescMessage, message: Message) => void

export function createRequestCheck(): RequestCheck {
  const validator = createValidator()
  return (desc, message) => {
    if (!quickCheck(desc)(message)) check(validator.validate(desc, message))
  }
}

/**
 * Enforces the validation rules of the schema. A request that breaks one is refused with the
 * field's name, before anything looks at who is calling.
 */
export function createValidationInterceptor(mustBeValid: RequestCheck): Interceptor {
  return (next) => (request) => {
    if (request.stream) {
      const { message, method } = request
      async function* checked() {
        for await (const one of message) {
          if (isMessage(one, method.input)) mustBeValid(method.input, one)
          yield one
        }
      }
      return next({ ...request, message: checked() })
    }
    mustBeValid(request.method.input, request.message)
    return next(request)
  }
}

type Result = ReturnType<ReturnType<typeof createValidator>['validate']>

function check(result: Result): void {
  if (result.kind === 'valid') return
  if (result.kind === 'error') throw internalError(result.error)
  const first = result.violations[0]
  if (first === undefined) throw internalError(new Error('invalid without a violation'))
  throw invalidField(fieldName(first), `${fieldName(first)}: ${explain(first)}.`)
}

/** Patterns by the field they stand at, in words; a pattern is no sentence for a person. */
const forms: readonly (readonly [field: RegExp, words: string])[] = [
  [/date$/, 'must be a day like 2026-12-01'],
  [/(arrival|departure)$/, 'must be a time like 08:30'],
  [/payment_token$/, 'must be a token of the payment provider, never a card number'],
]

function explain(violation: Violation): string {
  if (violation.ruleId !== 'string.pattern') return violation.message.replace(/[.]$/, '')
  const field = fieldName(violation)
  return forms.find(([name]) => name.test(field))?.[1] ?? 'does not have the form it should'
}

/** `passengers[0].name`, as in the schema. */
function fieldName(violation: Violation): string {
  let name = ''
  for (const part of violation.field) {
    if (part.kind === 'field') name += `${name === '' ? '' : '.'}${part.name}`
    else if (part.kind === 'list_sub') name += `[${part.index}]`
    else if (part.kind === 'map_sub') name += `[${String(part.key)}]`
  }
  return name === '' ? 'request' : name
}
