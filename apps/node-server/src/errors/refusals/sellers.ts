/** Refusals about guests, agents, companies and their tills. */
import { Code } from '@connectrpc/connect'
import { text } from './text.ts'

const { FailedPrecondition, NotFound } = Code

export const sellersRefusals = {
  guestsNotAllowed: text(
    FailedPrecondition,
    'GUESTS_NOT_ALLOWED',
    'Tickets are sold to accounts only.',
    'Make an account, or log in.',
  ),
  guestHasBooking: text(
    FailedPrecondition,
    'GUEST_HAS_BOOKING',
    'A guest buys once.',
    'Begin anew for another purchase, or make an account.',
  ),
  guestNoSecondFactor: text(
    FailedPrecondition,
    'GUEST_NO_SECOND_FACTOR',
    'A guest comes by a link in a mail, and has no second factor.',
    'Make an account with this address, take the purchase over, and switch it on there.',
  ),
  guestNotFound: text(
    NotFound,
    'GUEST_NOT_FOUND',
    'There is no such guest, or not any more.',
    'Check what you have typed.',
  ),
  guestLinkNotFound: text(
    NotFound,
    'GUEST_LINK_NOT_FOUND',
    'This link was replaced by a newer one, or is too old.',
    'Ask for a new link with your reference and your address.',
  ),
  otherAddress: text(
    FailedPrecondition,
    'OTHER_ADDRESS',
    'This was bought with another address than your account has.',
    'Open it with the link, without taking it over.',
  ),
  companyNotFound: text(
    NotFound,
    'COMPANY_NOT_FOUND',
    'There is no such company.',
    'Check the number.',
  ),
  creditExceeded: text(
    FailedPrecondition,
    'CREDIT_EXCEEDED',
    (r) => `The company would owe more than it may; ${r.figure} is left.`,
    'Pay otherwise, or have the company pay its invoices.',
  ),
  invoiceOverdue: text(
    FailedPrecondition,
    'INVOICE_OVERDUE',
    'An invoice of the company is overdue.',
    'Pay otherwise, or have the company pay its invoices.',
  ),
  invoiceOpen: text(
    FailedPrecondition,
    'INVOICE_OPEN',
    'An invoice of the company is being written.',
    'Wait a moment.',
  ),
  invoiceNotFound: text(
    NotFound,
    'INVOICE_NOT_FOUND',
    'There is no such invoice, or it is paid.',
    'Check the number.',
  ),
  nothingToInvoice: text(
    FailedPrecondition,
    'NOTHING_TO_INVOICE',
    'All sales of the company stand on invoices.',
    'Nothing to do.',
  ),
  tooMuchPaid: text(
    FailedPrecondition,
    'TOO_MUCH_PAID',
    (r) => `Only ${r.figure} is left to pay of this invoice.`,
    'Record the rest for another invoice.',
  ),
  tillOpen: text(
    FailedPrecondition,
    'TILL_OPEN',
    'A till is open already.',
    'Count and close it first.',
  ),
  tillNotOpen: text(
    FailedPrecondition,
    'TILL_NOT_OPEN',
    'No till is open.',
    'Open one with what is in it.',
  ),
  tillTooLow: text(
    FailedPrecondition,
    'TILL_TOO_LOW',
    (r) => `There is too little cash in the till (${r.figure}).`,
    'Fetch cash: close the till and open it with more.',
  ),
} as const
