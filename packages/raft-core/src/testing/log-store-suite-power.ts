import type { LogStore } from '../ports.ts'
import type { LogWrite } from '../types.ts'
import { check, HISTORIES, type LogPicture, LogSession, picturesOf } from './log-history.ts'
import type { LogStoreSubject, MortalStorage, SuiteCase } from './log-store-suite.ts'
import {
  FOUNDING,
  isSamePicture,
  mustFail,
  SUITE_HISTORIES,
  samePicture,
  showPicture,
} from './log-store-suite-parts.ts'
import type { PowerLoss } from './memory-disk.ts'
import { FILE_LOSSES } from './memory-file.ts'
import { NAME_LOSSES } from './memory-names.ts'

/** The cases about power cuts and failed syncs, for a subject with `storage`. */
export function powerCases(makeSubject: () => LogStoreSubject): SuiteCase[] {
  const cases: SuiteCase[] = [
    { name: 'after a failed sync every later write fails', run: () => failedSync(makeSubject()) },
  ]
  for (const suiteHistory of SUITE_HISTORIES) {
    for (const files of FILE_LOSSES) {
      for (const names of NAME_LOSSES) {
        cases.push({
          name: `${suiteHistory[0]}: power cut at every operation, files ${files}, names ${names}`,
          run: () => cutEverywhere(makeSubject, suiteHistory, { files, names }),
        })
      }
    }
  }
  return cases
}

async function failedSync(subject: LogStoreSubject): Promise<void> {
  const log = await LogSession.open(subject.create(FOUNDING))
  const [first, second, third] = HISTORIES.appends as readonly [LogWrite, LogWrite, LogWrite]
  await log.write(first)
  subject.storage?.failNextSync()
  await mustFail(log.write(second), 'a write whose sync failed')
  await mustFail(log.write(third), 'a write after a failed sync')
}

/** Cuts power during operation 1, 2, 3, … of a history until it runs through, and opens again. */
async function cutEverywhere(
  makeSubject: () => LogStoreSubject,
  [, history, founding]: (typeof SUITE_HISTORIES)[number],
  loss: PowerLoss,
): Promise<void> {
  const pictures = picturesOf(history, founding.genesis)
  for (let operations = 1; ; operations++) {
    const subject = makeSubject()
    const storage = subject.storage as MortalStorage
    const store = subject.create(founding)
    storage.dieAfter(operations)
    const done = await runUntilDeath(store, history)
    const survived = !storage.isDead
    storage.losePower(loss, operations)
    const where = `power cut during operation ${operations}`
    const again = await LogSession.open(subject.create(founding)).catch((error: Error) => {
      throw new Error(`${where}: it does not open again: ${error.message}`)
    })
    const picture = await again.picture()
    const found = pictures.findLastIndex((expected) => isSamePicture(picture, expected))
    check(
      found !== -1,
      `${where}: ${showPicture(picture)} is what no whole number of writes leaves`,
    )
    check(
      found >= done.acknowledged,
      `${where}: write ${done.acknowledged} was acknowledged and is lost`,
    )
    check(found <= done.given, `${where}: it holds writes that were never given`)
    await continueAfter(again, history.slice(found), pictures.at(-1) as LogPicture, where)
    if (survived) return
  }
}

/** The log that came back must take the rest of the history as if nothing had been. */
async function continueAfter(
  log: LogSession,
  rest: readonly LogWrite[],
  last: LogPicture,
  where: string,
): Promise<void> {
  await log.writeAll(rest)
  samePicture(await log.picture(), last, `${where}, continued`)
}

async function runUntilDeath(
  store: LogStore,
  history: readonly LogWrite[],
): Promise<{ given: number; acknowledged: number }> {
  const progress = { given: 0, acknowledged: 0 }
  store.open((openError) => {
    if (openError !== undefined) return
    const next = (): void => {
      const write = history[progress.given]
      if (write === undefined) return
      progress.given++
      store.write(write, (error) => {
        if (error !== undefined) return
        progress.acknowledged++
        next()
      })
    }
    next()
  })
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
  return progress
}
