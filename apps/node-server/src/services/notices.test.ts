import {
  Code,
  ConnectError,
  createClient,
  createRouterTransport,
  type Transport,
} from '@connectrpc/connect'
import { NoticeKind, NoticeService } from '@quorail/proto/quorail/booking/v1/notice_service_pb'
import { beforeEach, expect, test } from 'vitest'
import { newSessionToken, tokenHash } from '../auth/sessions.ts'
import { createMemoryHost, foundMemoryHost, type MemoryHost } from '../testing/memory-host.ts'
import { registered } from '../testing/sold-booking.ts'
import { createInterceptors, createRoutes } from './index.ts'

let host: MemoryHost
let transport: Transport

beforeEach(() => {
  host = createMemoryHost(Date.UTC(2026, 10, 22, 9, 0))
  foundMemoryHost(host)
  transport = createRouterTransport(
    createRoutes({ host, secureCookies: false, gatewayUrl: undefined }),
    { router: { interceptors: createInterceptors(host) } },
  )
})

const notices = () => createClient(NoticeService, transport)

function login(email: string) {
  const accountId = registered(host, email)
  const token = newSessionToken()
  host.run({ type: 'openSession', accountId, tokenHash: tokenHash(token), ttlMs: 1_000_000 })
  return { headers: { authorization: `Bearer ${token}` } }
}

test('what one does not want is one’s own, and can be wanted again', async () => {
  const [ann, ben] = [login('ann@example.org'), login('ben@example.org')]
  const muted = [NoticeKind.RUN_DELAYED, NoticeKind.REFUND_SENT]
  await notices().setNoticePreferences({ requestId: 'request-1', muted }, ann)
  const of = (auth: typeof ann) => notices().getNoticePreferences({}, auth)
  expect(await of(ann)).toMatchObject({ muted: muted.toReversed(), noticesOn: false })
  expect((await of(ben)).muted).toEqual([])
  await notices().setNoticePreferences({ requestId: 'request-2', muted: [] }, ann)
  host.run({ type: 'switchNotices', on: true })
  expect(await of(ann)).toMatchObject({ muted: [], noticesOn: true })
})

test('who is not logged in has none, and a kind that is none is named', async () => {
  const codeOf = async (call: Promise<unknown>) =>
    (await call.then(() => undefined, ConnectError.from))?.code
  expect(await codeOf(notices().getNoticePreferences({}))).toBe(Code.Unauthenticated)
  const asked = { requestId: 'request-1', muted: [NoticeKind.UNSPECIFIED] }
  const ann = login('ann@example.org')
  expect(await codeOf(notices().setNoticePreferences(asked, ann))).toBe(Code.InvalidArgument)
})
