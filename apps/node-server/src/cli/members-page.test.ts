/** The commands of docs/operating/members.md are those that there are. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { serveHelp } from '../config/node-config.ts'
import { exitCodes } from './exit-codes.ts'
import { membersHelp } from './members-command.ts'
import { rollingRestartHelp } from './rolling-restart.ts'
import { transferHelp } from './transfer.ts'

const page = readFileSync(new URL('../../../../docs/operating/members.md', import.meta.url), 'utf8')
const helps: Readonly<Record<string, string>> = {
  serve: serveHelp,
  members: membersHelp,
  transfer: transferHelp,
  'rolling-restart': rollingRestartHelp,
}
const commands = [...page.matchAll(/^ {4}quorail (.+)$/gm)].map(([, words = '']) => words)

test.each(commands)('quorail %s', (words) => {
  const [name = '', what = '', ...rest] = words.split(' ')
  const help = helps[name] ?? ''
  expect(help).toContain(`quorail ${name}`)
  for (const option of rest.filter((word) => word.startsWith('--'))) expect(help).toContain(option)
  if (name === 'members' && what !== '') expect(help).toMatch(new RegExp(`^  ${what} `, 'm'))
})

test('every action and every exit code is on the page', () => {
  for (const action of ['add', 'remove', 'replace'])
    expect(page).toContain(`quorail members ${action} `)
  for (const code of [exitCodes.restartWanted, exitCodes.removed, exitCodes.notYet])
    expect(page).toContain(`| ${code} |`)
})
