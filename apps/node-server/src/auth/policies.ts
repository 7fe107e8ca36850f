/** Who may call an RPC, and which node answers it. */
export interface Policy {
  readonly who: 'everybody' | 'passenger' | 'staff'
  /**
   * `leader`: shows or changes what must be true now. `anyNode`: says at which index it answers.
   * `itself`: a node about itself, even when its state is not to be shown.
   */
  readonly where: 'leader' | 'anyNode' | 'itself'
}

const everybody: Policy = { who: 'everybody', where: 'leader' }
const anywhere: Policy = { who: 'everybody', where: 'anyNode' }
const itself: Policy = { who: 'everybody', where: 'itself' }
const passenger: Policy = { who: 'passenger', where: 'leader' }
const staff: Policy = { who: 'staff', where: 'leader' }

/** Every RPC of every service stands here; a test goes through the descriptors. */
export const policies: Readonly<Record<string, Policy>> = {
  'quorail.cluster.v1.ClusterService/GetStatus': itself,
  'quorail.cluster.v1.ClusterService/WatchStatus': itself,
  'quorail.booking.v1.AccountService/Register': everybody,
  'quorail.booking.v1.AccountService/LogIn': everybody,
  'quorail.booking.v1.AccountService/LogOut': everybody,
  'quorail.booking.v1.AccountService/GetMe': everybody,
  'quorail.booking.v1.AccountService/ResolveRequest': passenger,
  'quorail.booking.v1.AccountService/ChangePassword': passenger,
  'quorail.booking.v1.AccountService/RequestPasswordReset': everybody,
  'quorail.booking.v1.AccountService/ResetPassword': everybody,
  'quorail.booking.v1.AccountService/ListSessions': passenger,
  'quorail.booking.v1.AccountService/EndSession': passenger,
  'quorail.booking.v1.AccountService/ExportPersonalData': passenger,
  'quorail.booking.v1.AccountService/DeleteAccount': passenger,
  'quorail.booking.v1.AccountService/FindAccount': staff,
  'quorail.booking.v1.AccountService/SetRole': staff,
  'quorail.booking.v1.AccountService/SetAccountOpen': staff,
  'quorail.booking.v1.TimetableService/SearchStations': anywhere,
  'quorail.booking.v1.TimetableService/SearchJourneys': anywhere,
  'quorail.booking.v1.TimetableService/QuoteFares': anywhere,
  'quorail.booking.v1.TimetableService/SearchConnections': anywhere,
  'quorail.booking.v1.TimetableService/FindAlternatives': anywhere,
  'quorail.booking.v1.TimetableService/GetFareCalendar': anywhere,
  'quorail.booking.v1.TimetableService/GetSeatMap': everybody,
  'quorail.booking.v1.BookingService/HoldSeats': passenger,
  'quorail.booking.v1.BookingService/HoldTrip': passenger,
  'quorail.booking.v1.BookingService/ReleaseHold': passenger,
  'quorail.booking.v1.BookingService/ExtendHold': passenger,
  'quorail.booking.v1.BookingService/GetBooking': passenger,
  'quorail.booking.v1.BookingService/ListBookings': passenger,
  'quorail.booking.v1.BookingService/QuoteRefund': passenger,
  'quorail.booking.v1.BookingService/CancelBooking': passenger,
  'quorail.booking.v1.BookingService/OfferRefund': passenger,
  'quorail.booking.v1.BookingService/AcceptRefund': passenger,
  'quorail.booking.v1.BookingService/PayRefund': passenger,
  'quorail.booking.v1.BookingService/HoldExchange': passenger,
  'quorail.booking.v1.BookingService/ConfirmBooking': passenger,
  'quorail.booking.v1.AuditService/ListAudit': staff,
  'quorail.booking.v1.AuditService/VerifyAudit': staff,
  'quorail.booking.v1.AuditService/GetHistory': passenger,
  'quorail.booking.v1.PaymentService/Pay': passenger,
  'quorail.booking.v1.TicketService/IssueTickets': passenger,
  'quorail.booking.v1.TicketService/GetTickets': passenger,
  'quorail.booking.v1.TicketService/ListTicketKeys': everybody,
  'quorail.booking.v1.TicketService/UploadScans': staff,
  'quorail.booking.v1.TicketService/ListTravellers': staff,
  'quorail.booking.v1.TicketService/WithdrawTicketKey': staff,
  'quorail.booking.v1.AdministrationService/ListTrains': staff,
  'quorail.booking.v1.AdministrationService/AddTrain': staff,
  'quorail.booking.v1.AdministrationService/SetSalesRule': staff,
  'quorail.booking.v1.AdministrationService/AddRuns': staff,
  'quorail.booking.v1.AdministrationService/ListRuns': staff,
  'quorail.booking.v1.AdministrationService/GetOccupancy': staff,
  'quorail.booking.v1.AdministrationService/ImportStep': staff,
  'quorail.booking.v1.AdministrationService/SetCancellationRule': staff,
  'quorail.booking.v1.AdministrationService/SetTariff': staff,
  'quorail.booking.v1.SeatService/SetSeatRule': staff,
  'quorail.booking.v1.DrawService/OpenDraw': staff,
  'quorail.booking.v1.DrawService/EnterDraw': passenger,
  'quorail.booking.v1.DrawService/RevealSeed': staff,
  'quorail.booking.v1.DrawService/ListDraws': everybody,
  'quorail.booking.v1.DrawService/GetDraw': everybody,
  'quorail.booking.v1.SeatService/BlockSeats': staff,
  'quorail.booking.v1.SeatService/UnblockSeats': staff,
  'quorail.booking.v1.SeatService/ListBlocks': staff,
  'quorail.booking.v1.SeatService/SetQuotas': staff,
  'quorail.booking.v1.SeatService/MoveQuota': staff,
  'quorail.booking.v1.SeatService/GetQuotas': staff,
  'quorail.booking.v1.NoticeService/GetNoticePreferences': passenger,
  'quorail.booking.v1.NoticeService/SetNoticePreferences': passenger,
  'quorail.booking.v1.DisruptionService/CancelRun': staff,
  'quorail.booking.v1.DisruptionService/ListDisruptions': staff,
  'quorail.booking.v1.DisruptionService/SetCompensationRule': staff,
  'quorail.booking.v1.DisruptionService/RebookFree': passenger,
  'quorail.booking.v1.DisruptionService/TakeRefund': passenger,
  'quorail.booking.v1.ReportService/GetReport': staff,
  'quorail.booking.v1.ReportService/GetOccupancyReport': staff,
  'quorail.booking.v1.ReportService/GetMoneyTimeline': passenger,
  'quorail.assistant.v1.AssistantService/AskBot': everybody,
}
