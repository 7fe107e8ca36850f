/** Mails to passengers: what the railway has to tell, and what became of it. */
import type { Outcome } from './sales.ts'

/** What a notice is about. Its words are not the state machine's. */
export type NoticeKind =
  /** Paid, and the seats are theirs. */
  | 'bookingConfirmed'
  /** Some or all passengers were cancelled; `refundMinor`, `passengers` (positions). */
  | 'bookingCancelled'
  /** The provider has paid back `amountMinor`. */
  | 'refundSent'
  /** The payment came after the hold had expired, and the same seats were still free. */
  | 'latePaymentAccepted'
  /** The payment came too late: nothing is taken of `amountMinor`. */
  | 'latePaymentVoided'
  /** The authorised money could not be taken: the booking is cancelled. */
  | 'fareNotPaid'
  /** From the waiting list into seats. */
  | 'promoted'
  /** From the waiting list onto halves of berths, to sit, until whole ones are free. */
  | 'berthShared'
  /** Who sat on half a berth has a whole one now. */
  | 'berthGiven'
  /** The chart is closed: who sits on half a berth stays there. */
  | 'berthStaysShared'
  /** The waiting list is closed, and there was no place. */
  | 'notPromoted'
  /** The run `runId` does not take place; until `choiceUntilMs` another train or the money may be chosen. */
  | 'runCancelled'
  /** The run `runId` has no room for them any more; until `choiceUntilMs` another train or the money may be chosen. */
  | 'seatsLost'
  /** `minutes` late; `refundMinor` when that is compensated. */
  | 'runDelayed'
  /** Other seats than before on the run `runId`; `refundMinor` comes back for another class. */
  | 'reseated'
  /** Another train, another day: the run `runId`. */
  | 'exchanged'
  /** Somebody who bought without an account wants the link again; the door makes the secret. */
  | 'guestLink'
  /** Somebody asked for a new password; the door makes the secret. */
  | 'passwordReset'
  /** The password is another one now. */
  | 'passwordChanged'
  /** In the draw `drawId`: seats are held until `expiresAtMs`. */
  | 'drawWon'
  /** More places were promised than there are seats; until `choiceUntilMs` another train or the money may be chosen. */
  | 'noSeats'
  /** The chart is closed: the seats of who was promised a place only. */
  | 'seatsGiven'
  /** In the draw `drawId`: nothing of what was wished was left. */
  | 'drawLost'

/** From here on, or not any more, notices are queued: a cluster without a mailer collects none. */
export interface SwitchNotices {
  readonly type: 'switchNotices'
  readonly on: boolean
}

/** Which of the kinds that one may do without the actor's account does not want. */
export interface SetNoticePreferences {
  readonly type: 'setNoticePreferences'
  /** In place of what was muted before; each kind once. */
  readonly muted: readonly NoticeKind[]
}

/** What became of a notice. Counts once. */
export interface RecordNotice {
  readonly type: 'recordNotice'
  readonly noticeId: number
  /** `done`: taken by the mail server, under this reference. `refused`: given up, and why. */
  readonly outcome: Outcome
}
