'use client'

import { useEffect, useState } from 'react'

/** The browser's clock, looked at a few times a second while something counts on it. */
export function useNow(everyMs = 500): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
