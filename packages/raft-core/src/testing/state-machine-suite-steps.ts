/** The steps that the cases of a state machine's suite are made of. */
import type { StateMachine } from '../ports.ts'
import type { Entry } from '../types.ts'
import { check } from './log-history.ts'
import { show } from './picture.ts'

/** How long a machine may take for a handful of entries: in turns, half of them a millisecond long. */
const MOST_TURNS = 10_000

/** Waits for a callback of the machine, in its own way. */
export interface Waiting {
  until(isDone: () => boolean, complaint: string): Promise<void>
}

/** Waits for promises first, and then for as long as the subject knows how to wait. */
export function waiting(wait: ((ms: number) => Promise<void>) | undefined): Waiting {
  return {
    async until(isDone, complaint) {
      for (let turn = 0; !isDone() && turn < MOST_TURNS; turn++) {
        if (turn < MOST_TURNS / 2) await Promise.resolve()
        else await wait?.(1)
      }
      check(isDone(), complaint)
      // Time for what must not come: a second answer.
      await Promise.resolve()
    },
  }
}

/** The state as text; empty when it can not be seen. */
export function pictureOf<Machine>(
  subject: { picture?(machine: Machine): unknown },
  machine: Machine,
): string {
  return subject.picture === undefined ? '' : show(subject.picture(machine))
}

/** Terms and first entries of leaders as a log has them, from `first` on. */
export function entriesOf(commands: readonly Uint8Array[], first: number): readonly Entry[] {
  const entries: Entry[] = []
  let term = 1
  const put = (kind: Entry['kind'], data: Uint8Array) => {
    entries.push({ index: first + entries.length, term, kind, data: data.slice() })
  }
  put('noop', new Uint8Array(0))
  for (const [i, command] of commands.entries()) {
    put('command', command)
    if (i % 3 !== 1) continue
    term += 2
    put('noop', new Uint8Array(0))
  }
  return entries
}

/** The results; throws when it breaks what the port says about `apply`. */
export async function applyEntries(
  subject: Waiting,
  machine: StateMachine<unknown>,
  entries: readonly Entry[],
): Promise<readonly unknown[]> {
  const range = `${entries[0]?.index} to ${entries.at(-1)?.index}`
  const answers: { error: Error | undefined; results: readonly unknown[] }[] = []
  try {
    machine.apply(entries, (error, results) => void answers.push({ error, results }))
  } catch (error) {
    throw new Error(`apply of entries ${range} threw: ${String(error)}`)
  }
  await subject.until(() => answers.length > 0, `apply of entries ${range} did not call back`)
  check(answers.length === 1, `apply of entries ${range} called back ${answers.length} times`)
  const [answer] = answers
  check(answer?.error === undefined, `apply of entries ${range} failed: ${answer?.error?.message}`)
  const results = answer?.results ?? []
  const counts = `${results.length} results for ${entries.length} entries`
  check(results.length === entries.length, `apply of entries ${range} gave ${counts}`)
  return results
}
