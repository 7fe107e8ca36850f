import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Health } from '@quorail/proto/grpc/health/v1/health_pb'
import { ServerReflection } from '@quorail/proto/grpc/reflection/v1/reflection_pb'
import { ServerReflection as ServerReflectionAlpha } from '@quorail/proto/grpc/reflection/v1alpha/reflection_pb'
import { AssistantService } from '@quorail/proto/quorail/assistant/v1/assistant_pb'
import { AccountService } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { AdminService } from '@quorail/proto/quorail/booking/v1/admin_service_pb'
import { AdministrationService } from '@quorail/proto/quorail/booking/v1/administration_service_pb'
import { AgentService } from '@quorail/proto/quorail/booking/v1/agent_service_pb'
import { AuditService } from '@quorail/proto/quorail/booking/v1/audit_service_pb'
import { BookingService } from '@quorail/proto/quorail/booking/v1/booking_service_pb'
import { CommandStreamService } from '@quorail/proto/quorail/booking/v1/command_stream_service_pb'
import { CompanyService } from '@quorail/proto/quorail/booking/v1/company_service_pb'
import { DisruptionService } from '@quorail/proto/quorail/booking/v1/disruption_service_pb'
import { DrawService } from '@quorail/proto/quorail/booking/v1/draw_service_pb'
import { FareService } from '@quorail/proto/quorail/booking/v1/fare_service_pb'
import { GuestService } from '@quorail/proto/quorail/booking/v1/guest_service_pb'
import { NoticeService } from '@quorail/proto/quorail/booking/v1/notice_service_pb'
import { PaymentService } from '@quorail/proto/quorail/booking/v1/payment_service_pb'
import { ReportService } from '@quorail/proto/quorail/booking/v1/report_service_pb'
import { SeatService } from '@quorail/proto/quorail/booking/v1/seat_service_pb'
import { SecondFactorService } from '@quorail/proto/quorail/booking/v1/second_factor_service_pb'
import { TicketService } from '@quorail/proto/quorail/booking/v1/ticket_service_pb'
import { TimetableService } from '@quorail/proto/quorail/booking/v1/timetable_service_pb'
import { WaitingListService } from '@quorail/proto/quorail/booking/v1/waiting_list_service_pb'
import { ClusterService } from '@quorail/proto/quorail/cluster/v1/cluster_pb'
import { MembershipService } from '@quorail/proto/quorail/cluster/v1/membership_pb'
import { WatchService } from '@quorail/proto/quorail/watch/v1/watch_pb'
import { expect, test } from 'vitest'
import { policies } from './policies.ts'

const services = [
  AccountService,
  AdminService,
  SecondFactorService,
  TimetableService,
  BookingService,
  PaymentService,
  CommandStreamService,
  TicketService,
  AdministrationService,
  SeatService,
  DrawService,
  FareService,
  NoticeService,
  AgentService,
  CompanyService,
  GuestService,
  WaitingListService,
  DisruptionService,
  AuditService,
  ReportService,
  AssistantService,
  ClusterService,
  MembershipService,
  WatchService,
]
/** gRPC's own, which tools ask. */
const ofTools = [Health, ServerReflection, ServerReflectionAlpha]
const declared = [...services, ...ofTools].flatMap((service) =>
  service.methods.map((method) => `${service.typeName}/${method.name}`),
)

test('every RPC has a policy, and every policy an RPC', () => {
  expect(Object.keys(policies).sort()).toEqual([...declared].sort())
})

test('no client service of the schema is missing in this test', () => {
  const folder = fileURLToPath(new URL('../../../../packages/proto/proto/quorail', import.meta.url))
  const named = ['assistant', 'booking', 'cluster', 'watch'].flatMap((area) =>
    readdirSync(`${folder}/${area}/v1`).flatMap((file) =>
      [...readFileSync(`${folder}/${area}/v1/${file}`, 'utf8').matchAll(/^service (\w+)/gm)].map(
        (match) => `quorail.${area}.v1.${match[1]}`,
      ),
    ),
  )
  expect(services.map((service) => service.typeName).sort()).toEqual(named.sort())
})

test('what changes or shows a person anything is answered by the leader', () => {
  const anywhere = Object.entries(policies).filter(([, policy]) => policy.where === 'anyNode')
  for (const [name, policy] of anywhere) {
    expect(policy.who, name).toBe('everybody')
    // A watch looks itself whether a booking is the caller's, and waits for what the caller has seen.
    expect(name).toMatch(
      /WatchService\/|Service\/(Search|QuoteFares$|FindAlternatives$|GetFareCalendar$)/,
    )
  }
  for (const [name, policy] of Object.entries(policies))
    expect(policy.where === 'itself', name).toBe(
      /[.](ClusterService|Health|ServerReflection)[/]|[/]RestartNode$/.test(name),
    )
})
