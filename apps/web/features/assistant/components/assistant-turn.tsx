import { RotateCcw } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { isOpen, type Turn } from '../model/conversation'

export function AssistantTurn({ turn, onRetry }: { turn: Turn; onRetry: () => void }) {
  const { question, answer, state, source, explanation, truncated, problem } = turn
  return (
    <article className="flex flex-col gap-3">
      <h3 className="max-w-[85%] self-end rounded-[1.1rem] rounded-br-md bg-brand px-4 py-2.5 text-[0.9375rem] font-normal tracking-normal text-on-brand">
        <span className="sr-only">You asked: </span>
        {question}
      </h3>
      {/* Busy while it is written: it is read out once, when it is whole. */}
      <div
        data-testid="assistant-answer"
        data-state={state}
        aria-live="polite"
        aria-busy={isOpen(turn)}
        className="text-[0.9375rem] leading-relaxed whitespace-pre-wrap"
      >
        {answer}
        {state === 'writing' && (
          <span
            aria-hidden
            className="ml-0.5 inline-block h-4 w-[3px] translate-y-0.5 animate-pulse rounded-full bg-amber"
          />
        )}
        {state === 'waiting' && <Thinking />}
        {state === 'stopped' && <p className="mt-1 text-sm text-ink-soft">Stopped.</p>}
        {truncated && <p className="mt-1 text-sm text-ink-soft">The answer was cut short.</p>}
      </div>
      {source === 'builtIn' && (
        <p className="border-l-2 border-edge pl-3 text-sm leading-relaxed text-ink-soft">
          Built-in answer{explanation === '' ? '.' : `: ${explanation}`}
        </p>
      )}
      {problem !== undefined && (
        <div
          role="alert"
          className="rounded-control bg-danger-soft p-3.5 text-sm text-on-danger-soft"
        >
          <p className="font-semibold">{problem.sentence}</p>
          {problem.nextStep !== '' && <p className="mt-1">{problem.nextStep}</p>}
          <Button variant="outline" size="small" className="mt-3" onClick={onRetry}>
            <RotateCcw aria-hidden className="size-4" />
            Ask again
          </Button>
        </div>
      )}
    </article>
  )
}

function Thinking() {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span className="sr-only">The assistant is thinking</span>
      {[0, 150, 300].map((delay) => (
        <span
          key={delay}
          aria-hidden
          style={{ animationDelay: `${delay}ms` }}
          className="size-2 animate-pulse rounded-full bg-edge"
        />
      ))}
    </span>
  )
}
