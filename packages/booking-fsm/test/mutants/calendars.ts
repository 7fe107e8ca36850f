/** Planted bugs in what becomes of runs when their train gets another calendar. */
import { foundBy, type Mutant, mutant } from './mutant.ts'

const test = 'handlers/set-calendar.test.ts'

export const calendarMutants: readonly Mutant[] = [
  foundBy(
    test,
    mutant(
      'a run that somebody has paid for is taken off sale in silence',
      'handlers/set-calendar.ts',
      "    case 'confirmed':\n",
      '',
    ),
  ),
  foundBy(
    test,
    mutant(
      'days before the first one of a calendar are withdrawn, too',
      'handlers/set-calendar.ts',
      'run.serviceDate >= calendar.fromDate &&',
      '',
    ),
  ),
  foundBy(
    test,
    mutant(
      'a run that has departed is withdrawn',
      'handlers/set-calendar.ts',
      '!run.cancelled &&\n      !hasDeparted(run, 0, nowMs),',
      '!run.cancelled,',
    ),
  ),
  foundBy(
    'calendar-days.test.ts',
    mutant(
      'the days of the week of January and February are those of the year before',
      'calendar-days.ts',
      'const isEarly = month < 3',
      'const isEarly = month < 2',
    ),
  ),
]
