import type { Done } from '../ports.ts'

/**
 * Runs `body`; each call of its `next` runs it once more. A `next` that is called before `body`
 * returns (a disk that answers at once) does not deepen the stack.
 */
export function repeat(body: (next: () => void) => void): void {
  let running = false
  let again = false
  const next = (): void => {
    again = true
    if (running) return
    running = true
    while (again) {
      again = false
      body(next)
    }
    running = false
  }
  next()
}

export type Step = (done: Done) => void

/** Runs steps one after the other, and stops at the first error. */
export function inOrder(steps: readonly Step[], done: Done): void {
  let at = 0
  repeat((next) => {
    const step = steps[at]
    if (step === undefined) return done(undefined)
    at++
    step((error) => {
      if (error === undefined) next()
      else done(error)
    })
  })
}
