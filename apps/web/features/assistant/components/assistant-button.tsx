'use client'

import { MessageCircle } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { Button } from '@/components/ui/button'

const AssistantPanel = dynamic(
  () => import('./assistant-panel').then((module) => module.AssistantPanel),
  { ssr: false },
)

/** On every page, under the thumb. The panel's code comes with the first click. */
export function AssistantButton() {
  const [open, setOpen] = useState(false)
  const [wanted, setWanted] = useState(false)
  return (
    <>
      <Button
        variant="accent"
        size="icon"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label="Ask the assistant"
        title="Ask the assistant"
        className="fixed right-3 bottom-[calc(0.625rem+env(safe-area-inset-bottom))] z-40 size-14! rounded-full! shadow-lift-high md:right-6 md:bottom-6 print:hidden"
        onClick={() => {
          setWanted(true)
          setOpen(true)
        }}
      >
        <MessageCircle aria-hidden className="size-6" />
      </Button>
      {wanted && <AssistantPanel open={open} onOpenChange={setOpen} />}
    </>
  )
}
