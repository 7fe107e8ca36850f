import { buildAnew } from '../storage/damaged-advice.ts'

/** What an operator does when the disk or the state machine has failed under a running node. */
export function whatToDo(error: Error): string {
  const texts: string[] = []
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    texts.push(`${'code' in cause ? cause.code : ''} ${cause.message}`)
  const all = texts.join(' ')
  return advice.find(({ says }) => says.test(all))?.todo ?? otherwise
}

const advice = [
  {
    says: /entry \d+ of term \d+ can not be applied/,
    todo: 'keep its folder and these lines, and report them. If the other nodes go on selling, this one is of another version: give it theirs. If all nodes end at this entry, nothing is lost and nothing is sold: see "An entry that no node can apply" in docs/operating/faults.md.',
  },
  {
    says: /does not hold what was written|database disk image is malformed|file is not a database/,
    todo: `${buildAnew}. They go on selling.`,
  },
  {
    says: /DISK_FULL|ENOSPC|EDQUOT|disk (of the log )?is full|no space left/i,
    todo: 'free space on the disk of the data folder, then start this node again. The others go on selling, and nothing acknowledged is lost.',
  },
  {
    says: /EIO|EROFS|disk I\/O error|readonly database|read-only|LOG_FAILED/i,
    todo: "read the machine's own log (dmesg): the disk does not keep what it is given. With a sound disk start this node again on its folder; without, let a new node take its place. The others go on selling, and nothing acknowledged is lost.",
  },
] as const

const otherwise =
  'start this node again: it does once more what its log says. If it ends at the same place again, keep its folder and these lines, and report them; the others go on selling.'
