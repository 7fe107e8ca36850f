import { describe, it } from 'vitest'
import { diskSubject, FOUNDING, logStoreSuite } from '../testing/log-store-suite.ts'
import { openWriteAheadLog } from './write-ahead-log.ts'

describe.each([
  ['with one segment', 1 << 20],
  ['with tiny segments', 400],
])('the write-ahead log as a log store, %s', (_name, segmentBytes) => {
  const subject = diskSubject((disk) =>
    openWriteAheadLog({ disk, founding: FOUNDING, segmentBytes }),
  )
  for (const { name, run } of logStoreSuite(subject)) it(name, run)
})
