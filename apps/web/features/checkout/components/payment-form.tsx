'use client'

import type { Money } from '@quorail/proto/quorail/booking/v1/types_pb'
import { Lock } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { Spinner } from '@/components/ui/spinner'
import { formatMoney } from '@/lib/format/money'
import {
  type CardFields,
  type CardProblems,
  checkCard,
  emptyCard,
  writeCardNumber,
  writeExpiry,
} from '@/lib/payment/card'
import type { CardProblem } from '../hooks/use-pay'
import { TestCards } from './test-cards'

interface PaymentFormProps {
  readonly price: Money | undefined
  readonly busy: boolean
  readonly problem: CardProblem | undefined
  readonly onPay: (card: CardFields) => Promise<void>
}

export function PaymentForm({ price, busy, problem, onPay }: PaymentFormProps) {
  const [card, setCard] = useState(emptyCard)
  const [found, setFound] = useState<CardProblems>({})
  const problems = { ...problem?.fields, ...found }
  const change = (part: Partial<CardFields>) => {
    setCard({ ...card, ...part })
    setFound({})
  }

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (busy) return
    const wrong = checkCard(card)
    setFound(wrong)
    const first = Object.keys(wrong)[0]
    if (first === undefined) return void onPay(card)
    event.currentTarget.querySelector<HTMLElement>(`[name="${first}"]`)?.focus()
  }

  const field = (name: keyof CardFields) => ({ name, value: card[name], error: problems[name] })
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-5">
      <h2 className="text-xl font-semibold">Card</h2>
      <TestCards onPick={change} />
      {problem !== undefined && (
        <Notice tone="bad" title={problem.sentence}>
          Nothing was charged.
        </Notice>
      )}
      <div className="grid grid-cols-2 gap-4">
        <TextField
          {...field('number')}
          label="Card number"
          className="col-span-2"
          inputMode="numeric"
          autoComplete="cc-number"
          placeholder="1234 5678 9012 3456"
          onChange={({ target }) => change({ number: writeCardNumber(target.value) })}
        />
        <TextField
          {...field('expiry')}
          label="Expiry"
          inputMode="numeric"
          autoComplete="cc-exp"
          placeholder="MM/YY"
          onChange={({ target }) => change({ expiry: writeExpiry(target.value) })}
        />
        <TextField
          {...field('cvc')}
          label="Security code"
          inputMode="numeric"
          autoComplete="cc-csc"
          placeholder="123"
          maxLength={4}
          onChange={({ target }) => change({ cvc: target.value })}
        />
        <TextField
          {...field('name')}
          label="Name on card"
          className="col-span-2"
          autoComplete="cc-name"
          maxLength={100}
          onChange={({ target }) => change({ name: target.value })}
        />
      </div>
      <Button type="submit" size="large" disabled={busy} data-testid="pay-button">
        {busy ? <Spinner /> : <Lock aria-hidden className="size-4.5" />}
        Pay {formatMoney(price)}
      </Button>
      <p className="-mt-2 text-center text-sm leading-relaxed text-ink-soft">
        The card goes straight to the payment provider; we never see its number. You can cancel
        until departure, and see the refund first.
      </p>
    </form>
  )
}
