'use client'

import type { Account } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { type FormEvent, useState } from 'react'
import { Button } from '@/components/ui/button'
import { TextField } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { Segmented } from '@/components/ui/segmented'
import { Spinner } from '@/components/ui/spinner'
import { useAuthSubmit } from '../hooks/use-auth-submit'

type Mode = 'login' | 'register'

const modes = [
  { value: 'login', label: 'Log in' },
  { value: 'register', label: 'Create account' },
] as const

export function AuthForm({ onDone }: { onDone: (account: Account) => void }) {
  const [mode, setMode] = useState<Mode>('login')
  const { pending, problem, asksForCode, forget, submit } = useAuthSubmit()
  const register = mode === 'register'

  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const data = new FormData(event.currentTarget)
    const text = (name: string) => String(data.get(name) ?? '')
    const account = await submit({
      email: text('email').trim(),
      password: text('password'),
      code: text('code').trim(),
      displayName: register ? text('name').trim() : undefined,
    })
    if (account !== undefined) onDone(account)
  }

  const errorAt = (field: string) => (problem?.field === field ? problem.sentence : undefined)
  const atField = ['email', 'password', 'code', 'display_name', 'displayName'].includes(
    problem?.field ?? '',
  )

  return (
    <form className="flex flex-col gap-4" onSubmit={(event) => void onSubmit(event)}>
      <Segmented
        label="Log in or create an account"
        value={mode}
        options={modes}
        onChange={(value) => {
          setMode(value)
          forget()
        }}
      />
      {register && (
        <TextField
          label="Name"
          name="name"
          autoComplete="name"
          required
          maxLength={80}
          error={errorAt('display_name') ?? errorAt('displayName')}
        />
      )}
      <TextField
        label="Email"
        name="email"
        type="email"
        autoComplete="email"
        required
        maxLength={254}
        error={errorAt('email')}
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete={register ? 'new-password' : 'current-password'}
        required
        minLength={register ? 8 : 1}
        maxLength={256}
        error={errorAt('password')}
        {...(register && { hint: 'At least 8 characters.' })}
      />
      {asksForCode && !register && (
        <TextField
          label="Code"
          name="code"
          autoComplete="one-time-code"
          required
          maxLength={32}
          error={errorAt('code')}
          hint="The six digits that your device shows, or a recovery code."
        />
      )}
      {problem !== undefined && !atField && (
        <Notice tone="bad" title={problem.sentence}>
          {problem.nextStep}
        </Notice>
      )}
      <Button type="submit" size="large" disabled={pending} className="mt-1">
        {pending && <Spinner />}
        {register ? 'Create account' : 'Log in'}
      </Button>
    </form>
  )
}
