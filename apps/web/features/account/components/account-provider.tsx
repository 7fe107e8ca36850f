'use client'

import type { Account } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import dynamic from 'next/dynamic'
import { createContext, type ReactNode, use, useCallback, useRef, useState } from 'react'

const LoginDialog = dynamic(() => import('./login-dialog').then((module) => module.LoginDialog), {
  ssr: false,
})

/** Asks a person to log in where they are. Undefined when they close the dialog instead. */
type AskForLogin = (reason: string) => Promise<Account | undefined>

const AccountContext = createContext<AskForLogin>(() => Promise.resolve(undefined))

export function useLogin(): AskForLogin {
  return use(AccountContext)
}

export function AccountProvider({ children }: { children: ReactNode }) {
  const [reason, setReason] = useState<string>()
  const settle = useRef<(account: Account | undefined) => void>(() => undefined)

  const ask = useCallback<AskForLogin>((why) => {
    settle.current(undefined)
    setReason(why)
    return new Promise((resolve) => {
      settle.current = resolve
    })
  }, [])

  const finish = useCallback((account: Account | undefined) => {
    setReason(undefined)
    settle.current(account)
  }, [])

  return (
    <AccountContext value={ask}>
      {children}
      {reason !== undefined && <LoginDialog reason={reason} onDone={finish} />}
    </AccountContext>
  )
}
