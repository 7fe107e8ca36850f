/** What the decoder of a batch refuses, message by message, and the place it names. */
import { expect, it } from 'vitest'
import {
  append,
  forwardReply,
  heartbeat,
  installSnapshot,
  markAt,
  snapshotChunk,
  snapshotRequest,
} from '../../test/message-defaults.ts'
import { decodeMessageBatch, encodeMessageBatch, makeEntry } from '../codec.ts'
import type { Message } from '../types.ts'

const ID = '0123456789abcdef'.repeat(2)

/** Where the decoder finds fault, behind `messages[0].body`. */
function refused(message: Message): string {
  const bytes = encodeMessageBatch({
    clusterId: '0'.repeat(32),
    from: message.from,
    fromIncarnation: '0'.repeat(32),
    messages: [message],
  })
  try {
    decodeMessageBatch(bytes)
  } catch (error) {
    return (error as { place: string }).place.replace('MessageBatch.messages[0].', '')
  }
  return 'nowhere'
}

const chunk = (fields: Partial<Extract<Message, { type: 'snapshotChunk' }>>) =>
  snapshotChunk({
    snapshotId: ID,
    mark: markAt(5, 1),
    totalBytes: 10,
    offset: 7,
    data: Uint8Array.of(1, 2, 3),
    ...fields,
  })

it.each<[string, Message, string]>([
  ['a chunk of a snapshot', chunk({}), 'nowhere'],
  ['a chunk beyond the end', chunk({ offset: 8 }), 'body.data'],
  ['an offset beyond the end', chunk({ offset: 11, data: new Uint8Array(0) }), 'body.data'],
  ['a chunk without a mark', chunk({ mark: undefined }), 'body.mark'],
  ['a chunk of a snapshot with a bad name', chunk({ snapshotId: 'ABC' }), 'body.snapshot_id'],
  ['a checksum of 33 bits', chunk({ checksum: 2 ** 32 }), 'body.checksum'],
  ['data of no snapshot', chunk({ snapshotId: '' }), 'body.data'],
  [
    'a mark of no snapshot',
    snapshotChunk({ snapshotId: '', mark: markAt(5, 1), data: new Uint8Array(0) }),
    'body.mark',
  ],
  ['the answer that there is none', snapshotChunk({ offset: 9 }), 'nowhere'],
  ['a request by a bad name', snapshotRequest({ snapshotId: ID.slice(1) }), 'body.snapshot_id'],
  ['a request for nothing', snapshotRequest({ maxBytes: 0 }), 'body.max_bytes'],
  ['a snapshot of nothing', installSnapshot({ mark: markAt(0, 0) }), 'body.mark.index'],
  ['a snapshot of a later term', installSnapshot({ mark: markAt(5, 2) }), 'body.mark.term'],
  [
    'a genesis without a cluster',
    append({ genesis: { clusterId: '', members: [] } }),
    'body.genesis.cluster_id',
  ],
  [
    'a genesis with an empty name',
    append({ genesis: { clusterId: ID, members: [''] } }),
    'body.genesis.members',
  ],
  [
    'a membership change that can not be read',
    append({ entries: [makeEntry(1, 1, 'config', Uint8Array.of(0x10, 9))] }),
    'body.entries.data.transition',
  ],
  [
    'commands accepted at no index',
    forwardReply({ accepted: 1, entryTerm: 1 }),
    'body.first_index',
  ],
  ['commands accepted in no term', forwardReply({ accepted: 1, firstIndex: 1 }), 'body.entry_term'],
  [
    'commands accepted beyond the last index',
    forwardReply({ accepted: 2, firstIndex: Number.MAX_SAFE_INTEGER, entryTerm: 1 }),
    'body.accepted',
  ],
  ['a refusal that goes on', forwardReply({ refusal: 'x'.repeat(65) }), 'body.refusal'],
  ['a heartbeat without a term', heartbeat({ term: 0 }), 'term'],
])('%s', (_, message, where) => {
  expect(refused(message)).toBe(where)
})

it('a node that waits to be added has no term and asks for a snapshot all the same', () => {
  expect(refused(snapshotRequest({ term: 0 }))).toBe('nowhere')
})
