/** The mails, kind by kind. */
import type { NoticeKind } from '@quorail/booking-fsm'
import type { NoticeFacts } from './notice-facts.ts'

export interface MailText {
  readonly subject: string
  readonly text: string
}

export function mailText(kind: NoticeKind, facts: NoticeFacts): MailText {
  const { subject, says, shows } = texts[kind](facts)
  const parts = [
    `Dear ${facts.name},`,
    ...says.filter((sentence) => sentence !== ''),
    ...(facts.guestLink === undefined ? [] : [linkText(facts.guestLink)]),
    ...(shows === 'nothing' ? [] : journeys(facts)),
    ...(facts.pnr === '' ? [] : [`Your reference: ${facts.pnr}`]),
    'Quorail',
  ]
  return { subject, text: `${parts.join('\n\n')}\n` }
}

const linkText = (link: string): string =>
  `With this link you see, change or cancel your booking without an account. Whoever has it can do that, so keep it to yourself: ${link}`

interface Parts {
  readonly subject: string
  readonly says: readonly string[]
  readonly shows: 'journeys' | 'nothing'
}

const trip = ({ journeys: [first, ...others] }: NoticeFacts): string => {
  if (first === undefined) return 'your journey'
  const last = others.at(-1)
  const back = last !== undefined && last.to === first.from
  if (back) return `${first.from} – ${first.to} and back`
  return `${first.from} – ${(last ?? first).to}`
}

const refunded = ({ refund }: NoticeFacts): string =>
  refund === undefined ? '' : `You get ${refund} back, on the card that you paid with.`

const texts: Readonly<Record<NoticeKind, (facts: NoticeFacts) => Parts>> = {
  bookingConfirmed: (it) => ({
    subject: `Your tickets: ${trip(it)}`,
    says: [`Your booking is confirmed. You paid ${it.total}.`],
    shows: 'journeys',
  }),
  latePaymentAccepted: (it) => ({
    subject: `Your tickets: ${trip(it)}`,
    says: [
      `Your payment came after your seats were no longer held. They were still free, so they are yours. You paid ${it.total}.`,
    ],
    shows: 'journeys',
  }),
  latePaymentVoided: (it) => ({
    subject: `No booking, and nothing charged: ${trip(it)}`,
    says: [
      `Your payment came after your seats were no longer held, and they could not be had again. Nothing is taken: the ${it.amount ?? 'money'} that your bank has set aside is free again in a few days.`,
    ],
    shows: 'journeys',
  }),
  fareNotPaid: (it) => ({
    subject: `Your booking is cancelled: ${trip(it)}`,
    says: ['Your bank did not pay the fare in the end, so the booking is cancelled.'],
    shows: 'journeys',
  }),
  bookingCancelled: (it) => ({
    subject: it.everybody
      ? `Cancelled: ${trip(it)}`
      : `Cancelled for ${it.passengers.join(', ')}: ${trip(it)}`,
    says: [
      it.everybody
        ? 'Your booking is cancelled.'
        : `Cancelled for ${it.passengers.join(', ')}. The others travel as booked.`,
      refunded(it),
    ],
    shows: 'journeys',
  }),
  refundSent: (it) => ({
    subject: `Your refund is on its way: ${it.amount ?? ''}`,
    says: [
      `We have sent ${it.amount ?? 'your refund'} to the card that you paid with. Your bank shows it in a few days.`,
    ],
    shows: 'nothing',
  }),
  promoted: (it) => ({
    subject: `You have seats: ${trip(it)}`,
    says: ['Seats came free, and they are yours: you are not on the waiting list any more.'],
    shows: 'journeys',
  }),
  notPromoted: (it) => ({
    subject: `No seats came free: ${trip(it)}`,
    says: ['The waiting list is closed, and no seats came free for you. You were charged nothing.'],
    shows: 'nothing',
  }),
  runCancelled: (it) => ({
    subject: `Your train does not run: ${trip(it)}`,
    says: ['We are sorry: the train of this booking does not run.', refunded(it)],
    shows: 'journeys',
  }),
  seatsLost: (it) => ({
    subject: `No room on your train: ${trip(it)}`,
    says: [
      'We are sorry: your train has other coaches than planned, and there is no room for you in them.',
      'You can choose another train at no extra price or the whole money; the money comes by itself if you do nothing.',
    ],
    shows: 'journeys',
  }),
  runDelayed: (it) => ({
    subject: `Your train is late: ${trip(it)}`,
    says: [
      it.minutes === undefined
        ? 'We are sorry: your train is late.'
        : `We are sorry: your train is ${it.minutes} minutes late.`,
      it.choiceUntil === undefined
        ? ''
        : `You may miss this train, which you wanted to change to. Until ${it.choiceUntil} you can take another one at no extra price, or the whole money.`,
      refunded(it),
    ],
    shows: 'journeys',
  }),
  reseated: (it) => ({
    subject: `Your seats have changed: ${trip(it)}`,
    says: ['Your train has other coaches than planned. You have these seats now.', refunded(it)],
    shows: 'journeys',
  }),
  noSeats: (it) => ({
    subject: `Too few seats: ${trip(it)}`,
    says: [
      'We are sorry: more places were sold on this train than there are seats, and there is none for you. Choose another train at no extra price, or your money back, in your booking; if you choose nothing, all of it is sent back.',
    ],
    shows: 'journeys',
  }),
  berthShared: (it) => ({
    subject: `A shared berth for you: ${trip(it)}`,
    says: [
      'Berths that two passengers share, each sitting on one half, are yours now, as you asked for. You have whole ones as soon as they are free, before anybody who waits.',
      it.payUntil === undefined
        ? ''
        : `They are held for you until ${it.payUntil}; pay until then to keep them.`,
    ],
    shows: 'journeys',
  }),
  berthGiven: (it) => ({
    subject: `A berth of your own: ${trip(it)}`,
    says: ['You shared a berth; now these are yours alone. New tickets show them.'],
    shows: 'journeys',
  }),
  berthStaysShared: (it) => ({
    subject: `You share your berth: ${trip(it)}`,
    says: [
      'The train is prepared for departure and no whole berth came free. You travel as you were told: two passengers share each of these berths, sitting.',
    ],
    shows: 'journeys',
  }),
  seatsGiven: (it) => ({
    subject: `Your seats: ${trip(it)}`,
    says: ['Your booking was for places; now these seats are yours. New tickets show them.'],
    shows: 'journeys',
  }),
  exchanged: (it) => ({
    subject: `Your new tickets: ${trip(it)}`,
    says: ['Your booking is exchanged. You travel like this now.', refunded(it)],
    shows: 'journeys',
  }),
  guestLink: (it) => ({
    subject: `Your booking: ${trip(it)}`,
    says: ['You asked for a new link to your booking. The one before opens nothing any more.'],
    shows: 'journeys',
  }),
  passwordReset: (it) => ({
    subject: 'A new password was asked for',
    says: [
      'Somebody, probably you, asked for a new password of your account. If it was not you, nothing has to be done: the password stays as it is.',
      it.resetCode === undefined
        ? ''
        : `This code sets a new one, once and within an hour: ${it.resetCode}`,
    ],
    shows: 'nothing',
  }),
  passwordChanged: () => ({
    subject: 'Your password was changed',
    says: [
      'The password of your account is another one now. If that was not you, ask for a new password at once and tell us.',
    ],
    shows: 'nothing',
  }),
  drawWon: (it) => ({
    subject: `Your turn: ${trip(it)}`,
    says: [
      `The draw gave you seats. They are held for you${it.payUntil === undefined ? '' : ` until ${it.payUntil}`}; pay until then to keep them.`,
    ],
    shows: 'journeys',
  }),
  drawLost: () => ({
    subject: 'The draw: no seats were left',
    says: [
      'When it was your turn in the draw, nothing of what you wished for was left. How the order came about can be checked by anybody: see the draw in the app.',
    ],
    shows: 'nothing',
  }),
}

function journeys({ journeys: all }: NoticeFacts): string[] {
  return all.map(({ train, from, departure, to, arrival, classCode, seats }) =>
    [
      `${train}, class ${classCode}`,
      `  ${departure}  ${from}`,
      `  ${arrival}  ${to}`,
      ...seats.map((seat) => `  ${seat}`),
    ].join('\n'),
  )
}
