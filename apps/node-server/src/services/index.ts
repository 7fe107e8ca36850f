import type { ConnectRouter, Interceptor } from '@connectrpc/connect'
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
import { WatchService } from '@quorail/proto/quorail/watch/v1/watch_pb'
import { createAssistantService } from '../assistant/assistant-service.ts'
import { createModel } from '../assistant/model-answer.ts'
import { createLoginThrottle } from '../auth/login-throttle.ts'
import type { RateLimits } from '../auth/rate-interceptor.ts'
import type { Seal } from '../auth/seal.ts'
import type { NodeHost } from '../host/types.ts'
import type { ReportReader } from '../reports/report-reader.ts'
import type { TicketSigner } from '../tickets/ticket-signer.ts'
import type { StreamedCallWatch } from '../tracing/streamed-calls.ts'
import { uncounted, type WatchMeter } from '../watch/watch-meter.ts'
import { createAccountService } from './account-service.ts'
import { createAdminService } from './admin-service.ts'
import { createAdministrationService } from './administration-service.ts'
import { createAgentService } from './agent-service.ts'
import { createAuditService } from './audit-service.ts'
import { createBookingService } from './booking-service.ts'
import { createCommandStreamService } from './command-stream/command-stream-service.ts'
import { rememberMethods } from './command-stream/unary-methods.ts'
import { createCompanyService } from './company-service.ts'
import type { ServiceDependencies } from './dependencies.ts'
import { createDisruptionService } from './disruption-service.ts'
import { createDoor, type Door } from './door.ts'
import { createDrawService } from './draw-service.ts'
import { createFareService } from './fare-service.ts'
import { createGuestService } from './guest-service.ts'
import { createNoticeService } from './notice-service.ts'
import { createPaymentService } from './payment-service.ts'
import { createReportService } from './report-service.ts'
import { createSeatService } from './seat-service.ts'
import { createSecondFactorService } from './second-factor-service.ts'
import { createTicketService } from './ticket-service.ts'
import { createTimetableService } from './timetable-service.ts'
import { createWaitingListService } from './waiting-list-service.ts'
import { createWatchService } from './watch-service.ts'

export interface ServiceOptions {
  readonly host: NodeHost
  readonly secureCookies: boolean
  /** The gateway to a language model; without one the built-in answers speak. */
  readonly gatewayUrl: string | undefined
  readonly ticketSigner?: TicketSigner | undefined
  readonly seal?: Seal | undefined
  /** Absent where there is no database, as in tests: then there are no reports from it. */
  readonly reports?: ReportReader | undefined
  readonly watchMeter?: WatchMeter
  /** The one that the interceptors are of; without it streams of commands have one of their own. */
  readonly door?: Door | undefined
  /** Is told of the calls that come in streams. */
  readonly streamedCalls?: StreamedCallWatch
}

/** The booking services, for `connectNodeAdapter({ routes, interceptors })`. */
export function createRoutes(options: ServiceOptions): (router: ConnectRouter) => void {
  const deps: ServiceDependencies = {
    ...options,
    throttle: createLoginThrottle(() => options.host.nowMs()),
  }
  const model = createModel(options.gatewayUrl)
  const watches = createWatchService(options.host, options.watchMeter ?? uncounted)
  const door = options.door ?? createDoor(options.host)
  return (given) => {
    const { router, methods } = rememberMethods(given)
    router.service(AccountService, createAccountService(deps))
    router.service(TimetableService, createTimetableService(deps))
    router.service(BookingService, createBookingService(deps))
    router.service(PaymentService, createPaymentService(deps))
    router.service(WaitingListService, createWaitingListService(deps))
    router.service(TicketService, createTicketService(deps))
    router.service(AdministrationService, createAdministrationService(deps))
    router.service(SecondFactorService, createSecondFactorService(deps))
    router.service(AdminService, createAdminService(deps, options.reports))
    router.service(AuditService, createAuditService(deps, options.reports))
    router.service(ReportService, createReportService(deps, options.reports))
    router.service(FareService, createFareService(deps))
    router.service(SeatService, createSeatService(deps))
    router.service(DrawService, createDrawService(deps, options.reports))
    router.service(GuestService, createGuestService(deps))
    router.service(AgentService, createAgentService(deps))
    router.service(CompanyService, createCompanyService(deps, options.reports))
    router.service(NoticeService, createNoticeService(deps))
    router.service(DisruptionService, createDisruptionService(deps))
    router.service(WatchService, watches)
    router.service(AssistantService, createAssistantService({ host: options.host, model }))
    const { host, streamedCalls } = options
    const commands = createCommandStreamService(host, door, methods, undefined, streamedCalls)
    given.service(CommandStreamService, commands)
  }
}

/** What stands before the services, for calls that come one by one. */
export const createInterceptors = (host: NodeHost, limits?: RateLimits): Interceptor[] =>
  createDoor(host, limits).interceptors
