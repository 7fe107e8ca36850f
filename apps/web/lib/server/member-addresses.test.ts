import { expect, it } from 'vitest'
import { MemberAddresses } from './member-addresses'

const given = ['http://n1', 'http://n2']

/** A cluster whose nodes say what they are told to; the others do not answer. */
function cluster() {
  const says = new Map<string, unknown>()
  const asked: string[] = []
  const clock = { now: 0 }
  const members = new MemberAddresses(
    async (url) => {
      const { origin } = new URL(url)
      asked.push(origin)
      if (!says.has(origin)) throw new TypeError('fetch failed')
      return Response.json(says.get(origin))
    },
    () => clock.now,
  )
  const status = (configIndex: number, ...addresses: string[]) => ({
    status: {
      configIndex: String(configIndex),
      members: addresses.map((address) => ({ address })),
    },
  })
  return { says, asked, clock, members, status }
}

it('has those that were given, and members that came since, as the latest change has them', async () => {
  const { says, members, status } = cluster()
  says.set('http://n1', status(0, 'http://n1', 'http://n2'))
  says.set('http://n2', status(20, 'http://n2', 'http://n4:3004/'))
  await members.ask(given)
  expect(members.with(given)).toEqual(['http://n1', 'http://n2', 'http://n4:3004'])
})

it('asks in the background, at most every ten seconds, and members as well', async () => {
  const { says, asked, clock, members, status } = cluster()
  says.set('http://n1', status(20, 'http://n1', 'http://n4'))
  expect(members.with(given)).toEqual(given)
  expect(members.with(given)).toEqual(given)
  await expect.poll(() => members.with(given)).toEqual([...given, 'http://n4'])
  expect(asked).toEqual(given)
  clock.now = 10_000
  members.with(given)
  expect(asked.slice(2)).toEqual([...given, 'http://n4'])
})

it('keeps what it knows while nobody answers, and takes nothing but addresses', async () => {
  const { says, members, status } = cluster()
  says.set(
    'http://n1',
    status(1, 'javascript:alert(1)', "http://n4/'; script-src *", 'nonsense', ''),
  )
  await members.ask(given)
  expect(members.with(given)).toEqual([...given, 'http://n4'])
  for (const answer of [status(2), {}, { status: { members: 'x' } }, null]) {
    says.set('http://n1', answer)
    await members.ask(given)
  }
  says.clear()
  await members.ask(given)
  expect(members.with(given)).toEqual([...given, 'http://n4'])
})
