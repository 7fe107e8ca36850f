import { Card } from '@/components/ui/card'
import type { CheckoutView } from '../model/checkout-view'

const words: Readonly<Record<string, readonly [title: string, text: string]>> = {
  sending: ['Sending your payment', 'This takes a moment. You can not be charged twice.'],
  paying: [
    'Waiting for the bank',
    'Your payment is written down by the cluster. It goes on even if you close this page.',
  ],
  slow: [
    'The bank takes its time',
    'Nothing is wrong, and nothing is charged twice. Your seats stay yours while it answers. You may close this page: your ticket will be in My trips.',
  ],
  waiting: [
    'No answer yet, and we keep asking',
    'We can not reach a majority of our servers to learn what became of your payment. Nothing more will be charged: this one payment counts once or not at all. Stay, or come back later; the page settles by itself.',
  ],
  confirmed: ['Paid', 'Here is your ticket.'],
}

/** What is going on, while something goes on. */
export function PaymentProgress({ view }: { view: CheckoutView }) {
  const [title, text] = words[view.name] ?? ['', '']
  return (
    <Card className="overflow-hidden p-6 sm:p-8" role="status" data-testid="booking-status">
      <TrainOnItsWay waiting={view.name === 'waiting'} />
      <p className="mt-7 text-2xl font-semibold tracking-[-0.022em]">{title}</p>
      <p className="mt-2 max-w-xl leading-relaxed text-ink-soft">{text}</p>
    </Card>
  )
}

/** A dot goes along the line; it stands still for who wants no motion. */
function TrainOnItsWay({ waiting }: { waiting: boolean }) {
  return (
    <div aria-hidden className="relative flex h-5 items-center">
      <span
        className={
          waiting
            ? 'absolute inset-x-1 h-1 bg-[repeating-linear-gradient(90deg,var(--edge)_0_0.6rem,transparent_0.6rem_1.1rem)]'
            : 'absolute inset-x-1 h-1 rounded-full bg-brand-soft'
        }
      />
      <span className="absolute left-0 size-5 rounded-full border-4 border-brand bg-card" />
      <span className="absolute right-0 size-5 rounded-full border-4 border-edge bg-card" />
      <span className="absolute size-4 animate-travel rounded-full bg-amber ring-4 ring-card" />
    </div>
  )
}
