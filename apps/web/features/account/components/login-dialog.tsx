'use client'

import type { Account } from '@quorail/proto/quorail/booking/v1/account_service_pb'
import { Dialog } from '@/components/ui/dialog'
import { AuthForm } from './auth-form'

interface LoginDialogProps {
  readonly reason: string
  readonly onDone: (account: Account | undefined) => void
}

export function LoginDialog({ reason, onDone }: LoginDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onDone(undefined)}
      title="Welcome aboard"
      description={reason}
    >
      <AuthForm onDone={onDone} />
    </Dialog>
  )
}
