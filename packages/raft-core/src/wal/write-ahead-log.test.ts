import { describe, it } from 'vitest'
import { diskSubject, logStoreSuite } from '../testing/log-store-suite.ts'
import { openWriteAheadLog } from './write-ahead-log.ts'

describe.each([
  ['with one segment', 1 << 20, 0],
  ['with tiny segments', 400, 0],
  ['with small segments and space kept ready', 4000, 1500],
])('the write-ahead log as a log store, %s', (_name, segmentBytes, reserveBytes) => {
  const subject = diskSubject((disk, founding) =>
    openWriteAheadLog({ disk, founding, segmentBytes, reserveBytes }),
  )
  for (const { name, run } of logStoreSuite(subject)) it(name, run)
})
