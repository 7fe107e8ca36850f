/** Refusals about tickets and their keys. */
import { Code } from '@connectrpc/connect'
import { text } from './text.ts'

const { FailedPrecondition, NotFound } = Code

export const ticketsRefusals = {
  ticketNotFound: text(
    NotFound,
    'TICKET_NOT_FOUND',
    'No ticket with this number was made.',
    'Compare the number; its last character checks the others.',
  ),
  alreadyInspected: text(
    FailedPrecondition,
    'ALREADY_INSPECTED',
    'This ticket was seen on the train already, and stays the one.',
    'Show it as it is; if you have lost it, ask the staff for a new one.',
  ),
  nodeNotFound: text(
    NotFound,
    'NODE_NOT_FOUND',
    'There is no such node in the cluster.',
    'Look at the list of members for its name.',
  ),
  nodeAddressTaken: text(
    FailedPrecondition,
    'NODE_ADDRESS_TAKEN',
    'Another node of the cluster is reached at this address.',
    'Give each node two addresses of its own: one for clients, one for the other nodes.',
  ),
  ticketKeyNotFound: text(
    NotFound,
    'TICKET_KEY_NOT_FOUND',
    'There is no such key for tickets, or it was withdrawn.',
    'Choose one from the list.',
  ),
  ticketKeyTaken: text(
    FailedPrecondition,
    'TICKET_KEY_TAKEN',
    'This key for tickets is known with another content, or was withdrawn.',
    'Make a new key.',
  ),
} as const
