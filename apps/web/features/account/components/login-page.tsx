'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { Button } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { useMe } from '../hooks/use-me'
import { AuthForm } from './auth-form'

export function LoginPage({ next }: { next: string }) {
  const router = useRouter()
  const { account } = useMe()
  return (
    <div className="page flex max-w-md flex-col gap-6 py-10 sm:py-16">
      <div>
        <h1 className="text-3xl font-semibold">Log in</h1>
        <p className="mt-2 text-ink-soft">Your trips, tickets and refunds, on any device.</p>
      </div>
      <Card className="p-5 sm:p-7">
        {account === undefined ? (
          <AuthForm onDone={() => router.push(next)} />
        ) : (
          <div className="flex flex-col gap-4">
            <p>
              You are logged in as <strong>{account.displayName}</strong>.
            </p>
            <Button asChild>
              <Link href={next}>Continue</Link>
            </Button>
          </div>
        )}
      </Card>
    </div>
  )
}
