import type { DescMethod } from '@bufbuild/protobuf'
import { MethodOptions_IdempotencyLevel } from '@bufbuild/protobuf/wkt'

/**
 * What sending a message twice does: nothing (`read`), nothing the second time (`keyed`: the cluster
 * knows the request by its id), or the effect twice (`once`).
 */
export type Repeatability = 'read' | 'keyed' | 'once'

export function repeatabilityOf(
  method: DescMethod,
  message: unknown,
  repeatable: ReadonlySet<string>,
): Repeatability {
  if (method.idempotency === MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS) return 'read'
  if (method.idempotency === MethodOptions_IdempotencyLevel.IDEMPOTENT) return 'keyed'
  const { requestId } = message as { readonly requestId?: unknown }
  if (typeof requestId === 'string' && requestId !== '') return 'keyed'
  return repeatable.has(`${method.parent.typeName}.${method.name}`) ? 'keyed' : 'once'
}
