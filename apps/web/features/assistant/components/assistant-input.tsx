'use client'

import { ArrowUp, Square } from 'lucide-react'
import { type KeyboardEvent, useState } from 'react'
import { Button } from '@/components/ui/button'

interface AssistantInputProps {
  readonly busy: boolean
  readonly onAsk: (question: string) => void
  readonly onStop: () => void
}

/** Stays open while an answer is written: the next question can be typed already. */
export function AssistantInput({ busy, onAsk, onStop }: AssistantInputProps) {
  const [text, setText] = useState('')
  const send = () => {
    if (busy || text.trim() === '') return
    onAsk(text.trim())
    setText('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a word, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    send()
  }
  return (
    <form
      className="flex items-end gap-2 border-t border-hairline p-3 pb-[calc(0.75rem+env(safe-area-inset-bottom))]"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <textarea
        data-testid="assistant-input"
        aria-label="Your question"
        rows={1}
        maxLength={2000}
        placeholder="Ask about a train or a booking"
        value={text}
        onChange={({ target }) => setText(target.value)}
        onKeyDown={onKeyDown}
        className="field-sizing-content max-h-36 min-h-11 flex-1 resize-none rounded-control border border-edge bg-card px-3.5 py-2.5 text-base leading-6"
      />
      {busy ? (
        <Button
          variant="outline"
          size="icon"
          data-testid="assistant-stop"
          aria-label="Stop"
          onClick={onStop}
        >
          <Square aria-hidden className="size-4 fill-current" />
        </Button>
      ) : (
        <Button type="submit" size="icon" aria-label="Send" aria-disabled={text.trim() === ''}>
          <ArrowUp aria-hidden className="size-5" />
        </Button>
      )}
    </form>
  )
}
