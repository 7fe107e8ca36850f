import { isMessage } from '@bufbuild/protobuf'
import { createValidator, type Violation } from '@bufbuild/protovalidate'
import type { Interceptor } from '@connectrpc/connect'
import { internalError, invalidField } from '../errors/door-errors.ts'

/**
 * Enforces the validation rules of the schema. A request that breaks one is refused with the
 * field's name, before anything looks at who is calling.
 */
export function createValidationInterceptor(): Interceptor {
  const validator = createValidator()
  return (next) => (request) => {
    if (request.stream) {
      const { message, method } = request
      async function* checked() {
        for await (const one of message) {
          if (isMessage(one, method.input)) check(validator.validate(method.input, one))
          yield one
        }
      }
      return next({ ...request, message: checked() })
    }
    check(validator.validate(request.method.input, request.message))
    return next(request)
  }
}

type Result = ReturnType<ReturnType<typeof createValidator>['validate']>

function check(result: Result): void {
  if (result.kind === 'valid') return
  if (result.kind === 'error') throw internalError(result.error)
  const first = result.violations[0]
  if (first === undefined) throw internalError(new Error('invalid without a violation'))
  throw invalidField(fieldName(first), `${fieldName(first)}: ${first.message}`)
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
