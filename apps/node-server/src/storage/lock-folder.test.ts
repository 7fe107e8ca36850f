import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { openWriteAheadLog } from '@quorail/raft-core/wal'
import { expect, onTestFinished, test } from 'vitest'
import { lockFolder } from './lock-folder.ts'
import { StartRefusedError } from './start-refused.ts'

const genesis = { clusterId: 'ab'.repeat(16), members: ['n1'] }
const done = (ask: (done: (error: Error | undefined) => void) => void) =>
  new Promise<void>((resolve, reject) => {
    ask((error) => (error === undefined ? resolve() : reject(error)))
  })

test('is held over the opening and closing of the log, and given free at the end', async () => {
  const parent = mkdtempSync(path.join(tmpdir(), 'quorail-lock-'))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  const folder = path.join(parent, 'n1', 'log')
  const inUse = async (): Promise<void> => {
    const error = await lockFolder(folder).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(StartRefusedError)
    expect(String(error)).toContain(`${folder} is in use by process ${process.pid}`)
  }

  const locked = await lockFolder(folder)
  await inUse()
  const log = openWriteAheadLog({
    disk: locked.disk,
    founding: { genesis, incarnation: '1'.repeat(32) },
  })
  await done((end) => log.open(end))
  await inUse()
  await done((end) => log.close(end))
  await inUse()
  await locked.close()
  await (await lockFolder(folder)).close()
})
