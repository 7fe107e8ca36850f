'use client'

import { Card } from '@/components/ui/card'
import { AuthForm } from './auth-form'

/** A page that belongs to somebody: the login is right here, and then the page is. */
export function LoginRequired({ title, text }: { title: string; text: string }) {
  return (
    <div className="page flex max-w-md flex-col gap-6 py-10 sm:py-16">
      <div>
        <h1 className="text-3xl font-semibold">{title}</h1>
        <p className="mt-2 text-ink-soft">{text}</p>
      </div>
      <Card className="p-5 sm:p-7">
        <AuthForm onDone={() => undefined} />
      </Card>
    </div>
  )
}
