'use client'

import { useMemo } from 'react'
import { readRecent } from '@/features/search/model/recent'

/** Real questions, with the stations this person looks for when there are any. */
export function Suggestions({ onPick }: { onPick: (question: string) => void }) {
  const questions = useMemo(() => {
    const recent = readRecent(localStorage)[0]
    const route =
      recent === undefined
        ? 'from Port Marin to Valdor Central'
        : `from ${recent.from.name} to ${recent.to.name}`
    return [
      `Which trains go ${route} tomorrow?`,
      `How many seats are free ${route} tomorrow, and what do they cost?`,
      'What are my bookings?',
      'What can you do?',
    ]
  }, [])
  return (
    <div className="flex flex-col gap-3">
      <p className="text-lg font-semibold tracking-[-0.02em]">What would you like to know?</p>
      <ul className="flex flex-col gap-2">
        {questions.map((question) => (
          <li key={question}>
            <button
              type="button"
              className="w-full rounded-control border border-hairline px-4 py-3 text-left text-[0.9375rem] hover:border-brand hover:bg-brand-soft hover:text-on-brand-soft"
              onClick={() => onPick(question)}
            >
              {question}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
