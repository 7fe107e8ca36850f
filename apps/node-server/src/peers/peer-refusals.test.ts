import { ConnectError } from '@connectrpc/connect'
import { expect, test } from 'vitest'
import { refusalBehind } from './peer-refusals.ts'

const eproto =
  'write EPROTO 40ADEF:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:ssl3_record.c:354:'

test.each([
  [{ code: 'ERR_SSL_WRONG_VERSION_NUMBER', message: '' }, 'PEER_PLAIN_TEXT'],
  [{ code: 'EPROTO', message: eproto }, 'PEER_PLAIN_TEXT'],
  [{ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', message: '' }, 'PEER_OLD_TLS'],
  [{ code: 'SELF_SIGNED_CERT_IN_CHAIN', message: '' }, 'PEER_NOT_TRUSTED'],
  [{ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', message: '' }, 'PEER_NOT_TRUSTED'],
  [{ code: 'CERT_SIGNATURE_FAILURE', message: '' }, 'PEER_NOT_TRUSTED'],
  [{ code: 'CERT_HAS_EXPIRED', message: '' }, 'PEER_EXPIRED'],
  [{ code: 'CERT_NOT_YET_VALID', message: '' }, 'PEER_NOT_YET_VALID'],
  [{ code: 'ERR_SSL_SOMETHING_NEW', message: '' }, 'PEER_HANDSHAKE_FAILED'],
])('%j is %s, however deep it lies', ({ code, message }, refused) => {
  const error = ConnectError.from(Object.assign(new Error(message), { code }))
  expect(refusalBehind(new Error('outside', { cause: error }))?.code).toBe(refused)
})

test.each(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'EPROTO'])(
  '%s says nothing of certificates',
  (code) => {
    expect(refusalBehind(Object.assign(new Error('x'), { code }))).toBeUndefined()
  },
)
