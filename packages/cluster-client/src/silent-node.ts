import { Code, ConnectError } from '@connectrpc/connect'
import type { Clock } from './clock.ts'

/** Whether a node does not even say that it is there; asked by many, answered once. */
export type AskIfGone = (url: string) => Promise<boolean>

/** At any time one question to each node, however many calls wait for it. */
export function shareQuestions(ask: AskIfGone): AskIfGone {
  const asked = new Map<string, Promise<boolean>>()
  return (url) => {
    const known = asked.get(url)
    if (known !== undefined) return known
    const answer = ask(url).finally(() => asked.delete(url))
    asked.set(url, answer)
    return answer
  }
}

export const silentNode = (): ConnectError =>
  new ConnectError('the node is silent', Code.DeadlineExceeded)

/**
 * Ends an attempt that waits for a node which is gone: a machine that hangs keeps its connections, and nobody is told. A
 * node that is merely slow says that it is there, and is waited for.
 */
export async function unlessGone<T>(
  clock: Clock,
  silentMs: number,
  isGone: () => Promise<boolean>,
  controller: AbortController,
  send: () => Promise<T>,
): Promise<T> {
  let over = false
  let stop = (): void => {}
  const listen = (): void => {
    stop = clock.after(silentMs, () => {
      isGone().then(
        (gone) => {
          if (over) return
          if (gone) controller.abort(silentNode())
          else listen()
        },
        // A question that could not be asked says nothing of the node.
        () => {},
      )
    })
  }
  listen()
  try {
    return await send()
  } finally {
    over = true
    stop()
  }
}
