/** The command line's import on a real cluster, and a journey on what it brought. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { TestCluster } from '../../../tools/testing/cluster.ts'
import { addDays, dateInZone } from '../src/timetable/service-days.ts'
import { ApiPassenger } from './api-passenger.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const feeds = process.env.QUORAIL_GTFS_DIR
const sriLanka = path.join(feeds ?? '', 'lk-srilanka-2014.zip')
const dateText = (date: number) => String(date).replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')

function importFeed(options: readonly string[]) {
  const words = [main, 'import-gtfs', ...options, '--json']
  return spawnSync(process.execPath, words, {
    encoding: 'utf8',
    timeout: 110_000,
    env: { ...process.env, QUORAIL_PASSWORD: 'never used' },
  })
}

test('a folder that lacks a file imports nothing, and says which one; nobody is called', () => {
  const feed = mkdtempSync(path.join(tmpdir(), 'quorail-feed-'))
  writeFileSync(path.join(feed, 'agency.txt'), 'agency_name,agency_url,agency_timezone\n')
  const { status, stderr } = importFeed([feed, '--email', 'staff@example.org'])
  rmSync(feed, { recursive: true })
  expect(status).toBe(1)
  expect(stderr).toMatch(/nothing was imported/)
  expect(stderr).toMatch(/stops\.txt/)
})

test.runIf(feeds !== undefined && existsSync(sriLanka))(
  'Sri Lanka is imported, and a journey on it is bought',
  async () => {
    await using cluster = await TestCluster.start()
    await cluster.leader()
    const begin = addDays(dateInZone(Date.now(), 'Asia/Colombo'), 1)
    const imported = importFeed([
      sriLanka,
      '--shift-dates-to',
      dateText(begin),
      '--cluster',
      cluster.cluster,
      '--data',
      cluster.folder,
    ])
    expect(imported.status, imported.stderr).toBe(0)
    const { nodes, paymentSandbox } = cluster.addresses
    const pat = await ApiPassenger.logIn(nodes, paymentSandbox, cluster.logins.passenger)
    const stations = async (text: string) =>
      (await pat.timetable.searchStations({ text })).stations[0]?.code ?? ''
    const [from, to] = [await stations('Colombo Fort'), await stations('Kandy')]
    const days = Array.from({ length: 8 }, (_, ahead) => dateText(addDays(begin, ahead)))
    let bought: string | undefined
    for (const day of days) {
      const journey = await pat.journey(from, to, day).catch(() => undefined)
      if (journey === undefined) continue
      bought = (await pat.buy(await pat.hold(journey))).pnr
      break
    }
    expect(bought).toMatch(/^[2-9A-HJKMNP-Z]{7}$/)
  },
)
