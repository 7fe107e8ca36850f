/** Companies that book on account. */
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import type { ServiceImpl } from '@connectrpc/connect'
import { type AccountView, type CompanyView, companiesOf, findCompany } from '@quorail/booking-fsm'
import {
  CompanyRole,
  type CompanyService,
  IssueInvoiceRequestSchema,
  PayOnAccountRequestSchema,
  RecordInvoicePaymentRequestSchema,
  SetCompanyRequestSchema,
  SetMemberRequestSchema,
} from '@quorail/proto/quorail/booking/v1/company_service_pb'
import { isStaff } from '../auth/principal.ts'
import { internalError } from '../errors/door-errors.ts'
import { refusalError } from '../errors/refusals.ts'
import type { ReportReader } from '../reports/report-reader.ts'
import {
  accountPrincipal,
  callerOf,
  requestKey,
  type ServiceDependencies,
  settleRead,
  submit,
} from './dependencies.ts'

const dayMs = 86_400_000

export function createCompanyService(
  { host }: ServiceDependencies,
  reports: ReportReader | undefined,
): ServiceImpl<typeof CompanyService> {
  /** Who is neither staff nor a member is told of none. */
  function shownTo({ accountId, role }: AccountView, companyId: number): CompanyView | undefined {
    const company = findCompany(host.state, companyId)
    const isMember = company?.members.some((member) => member.accountId === accountId) === true
    return isMember || isStaff(role) ? company : undefined
  }

  return {
    async setCompany(request, context) {
      const actor = callerOf(context).account.accountId
      const key = requestKey(
        accountPrincipal(actor),
        'SetCompany',
        request.requestId,
        SetCompanyRequestSchema,
        request,
      )
      const { name, taxId, address } = request
      const command = {
        type: 'setCompany',
        companyId: Number(request.companyId),
        ...{ name, taxId, address },
        creditLimitMinor: Number(request.creditLimitMinor),
        paymentTermMs: request.paymentTermDays * dayMs,
      } as const
      const { reply } = await submit(host, actor, key, command, 'companySet')
      return { companyId: BigInt(reply.companyId) }
    },

    async setMember(request, context) {
      const actor = callerOf(context).account.accountId
      const key = requestKey(
        accountPrincipal(actor),
        'SetMember',
        request.requestId,
        SetMemberRequestSchema,
        request,
      )
      const [companyId, accountId] = [Number(request.companyId), Number(request.accountId)]
      const role = roles[request.role]
      await submit(host, actor, key, { type: 'setMember', companyId, accountId, role }, 'done')
      return {}
    },

    async getCompany(request, context) {
      await settleRead(host)
      const company = shownTo(callerOf(context).account, Number(request.companyId))
      if (company === undefined) throw refusalError({ ...none, code: 'companyNotFound' })
      return { company: companyMessage(company) }
    },

    async listCompanies(_request, context) {
      await settleRead(host)
      const ids = companiesOf(host.state, callerOf(context).account.accountId)
      const companies = ids.flatMap((id) => findCompany(host.state, id) ?? [])
      return { companies: companies.map(companyMessage) }
    },

    async payOnAccount(request, context) {
      const actor = callerOf(context).account.accountId
      const key = requestKey(
        accountPrincipal(actor),
        'PayOnAccount',
        request.requestId,
        PayOnAccountRequestSchema,
        request,
      )
      const [companyId, bookingId] = [Number(request.companyId), Number(request.bookingId)]
      const sale = { companyId, bookingId, amountMinor: Number(request.amountMinor) }
      await submit(host, actor, key, { type: 'payOnAccount', ...sale }, 'done')
      return {}
    },

    async issueInvoice(request, context) {
      const actor = callerOf(context).account.accountId
      const key = requestKey(
        accountPrincipal(actor),
        'IssueInvoice',
        request.requestId,
        IssueInvoiceRequestSchema,
        request,
      )
      const companyId = Number(request.companyId)
      await submit(host, actor, key, { type: 'issueInvoice', companyId }, 'done')
      return {}
    },

    async recordInvoicePayment(request, context) {
      const actor = callerOf(context).account.accountId
      const key = requestKey(
        accountPrincipal(actor),
        'RecordInvoicePayment',
        request.requestId,
        RecordInvoicePaymentRequestSchema,
        request,
      )
      const { reference } = request
      const invoiceId = Number(request.invoiceId)
      const paid = { invoiceId, amountMinor: Number(request.amountMinor), reference }
      await submit(host, actor, key, { type: 'recordInvoicePayment', ...paid }, 'done')
      return {}
    },

    async getInvoice({ invoiceId }, context) {
      if (reports === undefined) throw internalError(new Error('there are no reports here'))
      await settleRead(host)
      const { account } = callerOf(context)
      const { rows } = await reports.read({ kind: 'invoice', invoiceId: Number(invoiceId) })
      const [head, ...lines] = rows
      const [, companyId = 0, name, taxId, address, issuedAtMs, dueAtMs, total, tax] = head ?? []
      const company = shownTo(account, Number(companyId))
      if (head === undefined || company === undefined) {
        throw refusalError({ ...none, code: 'invoiceNotFound' })
      }
      return {
        invoiceId,
        companyId: BigInt(companyId),
        ...{ name: String(name), taxId: String(taxId), address: String(address) },
        issuedAt: timestampFromMs(Number(issuedAtMs)),
        dueAt: timestampFromMs(Number(dueAtMs)),
        ...{ totalMinor: BigInt(total ?? 0), taxMinor: BigInt(tax ?? 0) },
        lines: lines.map(([number = 0, bookingId = 0, amount = 0, taxOf = 0, atMs = 0]) => ({
          number: Number(number),
          bookingId: BigInt(bookingId),
          amountMinor: BigInt(amount),
          taxMinor: BigInt(taxOf),
          at: timestampFromMs(Number(atMs)),
        })),
      }
    },
  }
}

const none = { type: 'refused', seats: [], figure: 0, field: '' } as const

const roles = {
  [CompanyRole.UNSPECIFIED]: 'none',
  [CompanyRole.TRAVELLER]: 'traveller',
  [CompanyRole.BOOKER]: 'booker',
  [CompanyRole.ADMIN]: 'admin',
} as const
const roleMessages = {
  traveller: CompanyRole.TRAVELLER,
  booker: CompanyRole.BOOKER,
  admin: CompanyRole.ADMIN,
} as const

function companyMessage(company: CompanyView) {
  const { name, taxId, address, members, openInvoices } = company
  return {
    companyId: BigInt(company.companyId),
    ...{ name, taxId, address },
    creditLimitMinor: BigInt(company.creditLimitMinor),
    owedMinor: BigInt(company.owedMinor),
    members: members.map(({ accountId, role }) => ({
      accountId: BigInt(accountId),
      role: roleMessages[role],
    })),
    openInvoices: openInvoices.map((it) => ({
      invoiceId: BigInt(it.invoiceId),
      dueAt: timestampFromMs(it.dueAtMs),
      totalMinor: BigInt(it.totalMinor),
      taxMinor: BigInt(it.taxMinor),
      paidMinor: BigInt(it.paidMinor),
    })),
  }
}
