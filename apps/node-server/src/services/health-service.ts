import { create } from '@bufbuild/protobuf'
import type { ServiceImpl } from '@connectrpc/connect'
import {
  type Health,
  type HealthCheckResponse,
  HealthCheckResponseSchema,
  HealthListResponseSchema,
  HealthCheckResponse_ServingStatus as Status,
} from '@quorail/proto/grpc/health/v1/health_pb'
import { unknownService } from '../errors/door-errors.ts'
import type { NodeHost } from '../host/types.ts'
import { HostChanges } from './host-changes.ts'

/** A status is looked at so often even when nothing is known to have changed. */
const longestGapMs = 2_000

/**
 * gRPC's health protocol. A node is ready or it is not: all its services are as it is (`/readyz` gives the reasons).
 */
export function createHealthService(
  host: Pick<NodeHost, 'status' | 'onChange'>,
  services: readonly string[],
): ServiceImpl<typeof Health> {
  const known = new Set(['', ...services])
  const now = (service: string): Status => {
    if (!known.has(service)) return Status.SERVICE_UNKNOWN
    return host.status().ready ? Status.SERVING : Status.NOT_SERVING
  }
  return {
    check({ service }) {
      if (!known.has(service)) throw unknownService(service)
      return answer(now(service))
    },
    list() {
      const statuses = Object.fromEntries([...known].map((service) => [service, answer(now(''))]))
      return create(HealthListResponseSchema, { statuses })
    },
    async *watch({ service }, { signal }) {
      const changes = new HostChanges(host)
      let said: Status | undefined
      try {
        while (!signal.aborted) {
          const status = now(service)
          if (status !== said) yield answer(status)
          said = status
          await changes.next(longestGapMs, signal)
        }
        // A node that stops says so: its watchers go to another.
        signal.throwIfAborted()
      } finally {
        changes.close()
      }
    },
  }
}

const answer = (status: Status): HealthCheckResponse =>
  create(HealthCheckResponseSchema, { status })
