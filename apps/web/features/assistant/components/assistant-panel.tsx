'use client'

import { X } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { useEffect, useRef } from 'react'
import { useConversation } from '../hooks/use-conversation'
import { AssistantInput } from './assistant-input'
import { AssistantTurn } from './assistant-turn'
import { Suggestions } from './suggestions'

interface AssistantPanelProps {
  readonly open: boolean
  readonly onOpenChange: (open: boolean) => void
}

/** Beside the page on a wide screen, a sheet from below on a phone. Closing it keeps what was said. */
export function AssistantPanel({ open, onOpenChange }: AssistantPanelProps) {
  const { turns, busy, ask, stop } = useConversation()
  const scroller = useRef<HTMLDivElement>(null)
  useFollowEnd(scroller, turns.at(-1)?.answer ?? '', turns.length)
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange} modal={false}>
      <Radix.Portal>
        <Radix.Content
          onInteractOutside={(event) => event.preventDefault()}
          className="fixed inset-x-0 bottom-0 z-50 flex h-[min(85dvh,44rem)] flex-col rounded-t-[1.25rem] border border-hairline bg-card shadow-lift-high duration-200 data-[state=closed]:animate-out data-[state=closed]:fade-out data-[state=open]:animate-in data-[state=open]:slide-in-from-bottom-8 data-[state=open]:fade-in md:inset-x-auto md:right-6 md:bottom-6 md:w-100 md:rounded-[1.25rem]"
        >
          <div className="flex items-center justify-between border-b border-hairline py-3 pr-3 pl-5">
            <div>
              <Radix.Title className="font-semibold">Assistant</Radix.Title>
              <Radix.Description className="text-sm text-ink-soft">
                Trains, seats, your bookings and refunds
              </Radix.Description>
            </div>
            <Radix.Close className="grid size-10 place-items-center rounded-full text-ink-soft hover:bg-sunken hover:text-ink">
              <X aria-hidden className="size-5" />
              <span className="sr-only">Close the assistant</span>
            </Radix.Close>
          </div>
          <section
            ref={scroller}
            aria-label="Conversation"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys
            tabIndex={0}
            className="flex flex-1 flex-col gap-6 overflow-y-auto overscroll-contain p-5"
          >
            {turns.length === 0 && <Suggestions onPick={(question) => void ask(question)} />}
            {turns.map((turn) => (
              <AssistantTurn
                key={turn.id}
                turn={turn}
                onRetry={() => void ask(turn.question, turn)}
              />
            ))}
          </section>
          <AssistantInput busy={busy} onAsk={(question) => void ask(question)} onStop={stop} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

const nearEnd = 80

/** Follows the answer only for who reads at its end; nobody is pulled away from what they read. */
function useFollowEnd(
  scroller: React.RefObject<HTMLDivElement | null>,
  answer: string,
  turns: number,
): void {
  const known = useRef(turns)
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const fresh = known.current !== turns
    known.current = turns
    const away = element.scrollHeight - element.scrollTop - element.clientHeight
    if (fresh || away < nearEnd) element.scrollTop = element.scrollHeight
  }, [answer, turns, scroller])
}
