'use client'

import { type DescribedError, newRequestId } from '@quorail/cluster-client'
import type { Account } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { useRef, useState } from 'react'
import { useClient } from '@/lib/api/connection'
import { describe } from '@/lib/api/problem'
import { useSetMe } from './use-me'

export interface Credentials {
  readonly email: string
  readonly password: string
  /** Of a second factor; '' without one. */
  readonly code: string
  /** Given when an account is to be made. */
  readonly displayName: string | undefined
}

interface AuthSubmit {
  readonly pending: boolean
  readonly problem: DescribedError | undefined
  /** The account has a second factor. */
  readonly asksForCode: boolean
  readonly forget: () => void
  readonly submit: (credentials: Credentials) => Promise<Account | undefined>
}

export function useAuthSubmit(): AuthSubmit {
  const accounts = useClient('accounts')
  const setMe = useSetMe()
  const [pending, setPending] = useState(false)
  const [problem, setProblem] = useState<DescribedError>()
  const [asksForCode, setAsksForCode] = useState(false)
  const attempt = useRef({ content: '', requestId: '' })

  const send = async ({ email, password, code, displayName }: Credentials) => {
    if (displayName === undefined) return (await accounts.logIn({ email, password, code })).account
    // The same words again are the same request; other words are another one.
    const content = JSON.stringify([email, password, displayName])
    if (attempt.current.content !== content) {
      attempt.current = { content, requestId: newRequestId() }
    }
    const { requestId } = attempt.current
    return (await accounts.register({ requestId, email, password, displayName })).account
  }

  const submit = async (credentials: Credentials) => {
    setPending(true)
    setProblem(undefined)
    try {
      const account = await send(credentials)
      setMe(account)
      return account
    } catch (error) {
      const described = describe(error)
      if (described.code === 'SECOND_FACTOR_NEEDED') setAsksForCode(true)
      setProblem(described)
      return undefined
    } finally {
      setPending(false)
    }
  }

  return { pending, problem, asksForCode, forget: () => setProblem(undefined), submit }
}
