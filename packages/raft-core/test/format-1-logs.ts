/**
 * Logs that version 0.1.0 wrote in format 1, byte for byte: `HISTORIES.truncations` with at most 40
 * bytes a command, founded with `FOUNDING`. Zeros are left out.
 */
interface StoredFile {
  readonly sizeBytes: number
  /** Offset and base64 of what is not zero. */
  readonly parts: readonly (readonly [number, string])[]
}

/** The content of a stored file. */
export function contentOf(file: StoredFile): Uint8Array {
  const bytes = new Uint8Array(file.sizeBytes)
  for (const [offset, text] of file.parts) {
    bytes.set(
      Uint8Array.from(atob(text), (c) => c.charCodeAt(0)),
      offset,
    )
  }
  return bytes
}

type StoredFolder = Readonly<Record<string, StoredFile>>

/** A crash and a close differ in the superblock only. */
const THREE_SEGMENTS: StoredFolder = {
  '0000000001.wal': {
    sizeBytes: 340,
    parts: [
      [
        0,
        'UVJMTE9HDQoBAAAAAQAAAAEjRWeJq83vASNFZ4mrze/+3LqYdlQyEP7cuph2VDIQAQAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAANWrQZVRUkVD3AAAAAEAAAAAAAAAAAAAAAAAAAAAAAAARcK4dQAAAAD6mYd3AgEAAAAAAAAAAQAAAAAAAAAmAAAAfrdauAgBEAEYASIeJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj9AQUJDAgIAAAAAAAAAAQAAAAAAAAAwAAAAXRfm6ggCEAEYASIoRUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbAIDAAAAAAAAAAEAAAAAAAAAJgAAAJafLnYIAxABGAEiHmRlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgQMBAAAAAAAAAAEAAAAAAAAAA24xBA==',
      ],
    ],
  },
  '0000000002.wal': {
    sizeBytes: 335,
    parts: [
      [
        0,
        'UVJMTE9HDQoBAAAAAgAAAAEjRWeJq83vASNFZ4mrze/+3LqYdlQyEP7cuph2VDIQAgAAAAAAAAAEAAAAAAAAAEXCuHUAAAAAAAAAAG+1+eRRUkVDZQAAAAIAAAAAAAAAAQAAAAAAAABFwrh1l68o4wAAAAAVDcGkAQMAAAAAAAAAAgMAAAAAAAAAAgAAAAAAAAAwAAAA1TBv2AgDEAIYASIoa2xtbm9wcXJzdHV2d3h5ent8fX5/gIGCg4SFhoeIiYqLjI2Oj5CRkgMCAAAAAAAAAAEAAAAAAAAAAARRUkVDSgAAAAMAAAAAAAAAAgAAAAAAAACXryjjMFCfagAAAABW7Uh6AgQAAAAAAAAAAgAAAAAAAAAwAAAAiIqfkAgEEAIYASIoiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ChoqOkpaanqKmqq6ytrq+wsQQ=',
      ],
    ],
  },
  '0000000003.wal': {
    sizeBytes: 420,
    parts: [
      [
        0,
        'UVJMTE9HDQoBAAAAAwAAAAEjRWeJq83vASNFZ4mrze/+3LqYdlQyEP7cuph2VDIQBAAAAAAAAAAFAAAAAAAAADBQn2oAAAAAAAAAAEBYsCBRUkVDdAAAAAQAAAAAAAAAAwAAAAAAAAAwUJ9qCcDbZwAAAAAkNE58AQIAAAAAAAAAAgIAAAAAAAAABAAAAAAAAAASAAAAlGEyXggCEAQYASIKWltcXV5fYGFiYwIDAAAAAAAAAAQAAAAAAAAAEgAAADAMGjkIAxAEGAEiCnl6e3x9fn+AgYIDBAAAAAAAAAABAAAAAAAAAANuMgRRUkVDCgAAAAUAAAAAAAAABAAAAAAAAAAJwNtnmkuaegAAAACHfVMdAQMAAAAAAAAABFFSRUNeAAAABgAAAAAAAAAFAAAAAAAAAJpLmnq6o1ASAAAAAFt4VEICAwAAAAAAAAAEAAAAAAAAADAAAABiNW7oCAMQBBgBIih5ent8fX5/gIGCg4SFhoeIiYqLjI2Oj5CRkpOUlZaXmJmam5ydnp+gAwQAAAAAAAAAAwAAAAAAAAADbjIE',
      ],
    ],
  },
}

const ONE_SEGMENT: StoredFolder = {
  '0000000001.wal': {
    sizeBytes: 935,
    parts: [
      [
        0,
        'UVJMTE9HDQoBAAAAAQAAAAEjRWeJq83vASNFZ4mrze/+3LqYdlQyEP7cuph2VDIQAQAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAANWrQZVRUkVD3AAAAAEAAAAAAAAAAAAAAAAAAAAAAAAARcK4dQAAAAD6mYd3AgEAAAAAAAAAAQAAAAAAAAAmAAAAfrdauAgBEAEYASIeJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj9AQUJDAgIAAAAAAAAAAQAAAAAAAAAwAAAAXRfm6ggCEAEYASIoRUZHSElKS0xNTk9QUVJTVFVWV1hZWltcXV5fYGFiY2RlZmdoaWprbAIDAAAAAAAAAAEAAAAAAAAAJgAAAJafLnYIAxABGAEiHmRlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgQMBAAAAAAAAAAEAAAAAAAAAA24xBFFSRUNlAAAAAgAAAAAAAAABAAAAAAAAAEXCuHWXryjjAAAAAJWv+F0BAwAAAAAAAAACAwAAAAAAAAACAAAAAAAAADAAAADVMG/YCAMQAhgBIihrbG1ub3BxcnN0dXZ3eHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSAwIAAAAAAAAAAQAAAAAAAAAABFFSRUNKAAAAAwAAAAAAAAACAAAAAAAAAJevKOMwUJ9qAAAAAE5+tVcCBAAAAAAAAAACAAAAAAAAADAAAACIip+QCAQQAhgBIiiKi4yNjo+QkZKTlJWWl5iZmpucnZ6foKGio6SlpqeoqaqrrK2ur7CxBFFSRUN0AAAABAAAAAAAAAADAAAAAAAAADBQn2oJwNtnAAAAACo3vJ4BAgAAAAAAAAACAgAAAAAAAAAEAAAAAAAAABIAAACUYTJeCAIQBBgBIgpaW1xdXl9gYWJjAgMAAAAAAAAABAAAAAAAAAASAAAAMAwaOQgDEAQYASIKeXp7fH1+f4CBggMEAAAAAAAAAAEAAAAAAAAAA24yBFFSRUMKAAAABQAAAAAAAAAEAAAAAAAAAAnA22eaS5p6AAAAAIl+of8BAwAAAAAAAAAEUVJFQ14AAAAGAAAAAAAAAAUAAAAAAAAAmkuaerqjUBIAAAAAcoVWDQIDAAAAAAAAAAQAAAAAAAAAMAAAAGI1bugIAxAEGAEiKHl6e3x9fn+AgYKDhIWGh4iJiouMjY6PkJGSk5SVlpeYmZqbnJ2en6ADBAAAAAAAAAADAAAAAAAAAANuMgQ=',
      ],
    ],
  },
}

export const FORMAT_1_LOGS: Readonly<Record<string, StoredFolder>> = {
  closed: {
    ...THREE_SEGMENTS,
    superblock: {
      sizeBytes: 8192,
      parts: [
        [
          0,
          'UVJMU1VQDQoBAAAABAAAAAAAAAADAAAAAwAAAAAAAAAwUJ9q/ty6mHZUMhD+3LqYdlQyEAEBI0VniavN7wEjRWeJq83vAwJuMQJuMgJuMw==',
        ],
        [
          4092,
          'jiVWmVFSTFNVUA0KAQAAAAUAAAAAAAAAAwAAAAYAAAAAAAAAuqNQEv7cuph2VDIQ/ty6mHZUMhABASNFZ4mrze8BI0VniavN7wMCbjECbjICbjM=',
        ],
        [8188, 'qez1hw=='],
      ],
    },
  },
  crashed: {
    ...THREE_SEGMENTS,
    superblock: {
      sizeBytes: 8192,
      parts: [
        [
          0,
          'UVJMU1VQDQoBAAAABAAAAAAAAAADAAAAAwAAAAAAAAAwUJ9q/ty6mHZUMhD+3LqYdlQyEAEBI0VniavN7wEjRWeJq83vAwJuMQJuMgJuMw==',
        ],
        [
          4092,
          'jiVWmVFSTFNVUA0KAQAAAAMAAAAAAAAAAgAAAAEAAAAAAAAARcK4df7cuph2VDIQ/ty6mHZUMhABASNFZ4mrze8BI0VniavN7wMCbjECbjICbjM=',
        ],
        [8188, '5reo+w=='],
      ],
    },
  },
  'one segment': {
    ...ONE_SEGMENT,
    superblock: {
      sizeBytes: 8192,
      parts: [
        [
          0,
          'UVJMU1VQDQoBAAAAAgAAAAAAAAABAAAAAAAAAAAAAAAAAAAA/ty6mHZUMhD+3LqYdlQyEAEBI0VniavN7wEjRWeJq83vAwJuMQJuMgJuMw==',
        ],
        [
          4092,
          'PynFv1FSTFNVUA0KAQAAAAMAAAAAAAAAAQAAAAYAAAAAAAAAuqNQEv7cuph2VDIQ/ty6mHZUMhABASNFZ4mrze8BI0VniavN7wMCbjECbjICbjM=',
        ],
        [8188, 'GpvjAQ=='],
      ],
    },
  },
  'crashed one segment': {
    ...ONE_SEGMENT,
    superblock: {
      sizeBytes: 8192,
      parts: [
        [
          0,
          'UVJMU1VQDQoBAAAAAgAAAAAAAAABAAAAAAAAAAAAAAAAAAAA/ty6mHZUMhD+3LqYdlQyEAEBI0VniavN7wEjRWeJq83vAwJuMQJuMgJuMw==',
        ],
        [
          4092,
          'PynFv1FSTFNVUA0KAQAAAAEAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAP7cuph2VDIQ/ty6mHZUMhABASNFZ4mrze8BI0VniavN7wMCbjECbjICbjM=',
        ],
        [8188, '+1k+sQ=='],
      ],
    },
  },
  empty: {
    '0000000001.wal': {
      sizeBytes: 80,
      parts: [
        [
          0,
          'UVJMTE9HDQoBAAAAAQAAAAEjRWeJq83vASNFZ4mrze/+3LqYdlQyEP7cuph2VDIQAQAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAAAAANWrQZU=',
        ],
      ],
    },
    superblock: {
      sizeBytes: 8192,
      parts: [
        [
          0,
          'UVJMU1VQDQoBAAAAAgAAAAAAAAABAAAAAAAAAAAAAAAAAAAA/ty6mHZUMhD+3LqYdlQyEAEBI0VniavN7wEjRWeJq83vAwJuMQJuMgJuMw==',
        ],
        [
          4092,
          'PynFv1FSTFNVUA0KAQAAAAEAAAAAAAAAAQAAAAAAAAAAAAAAAAAAAP7cuph2VDIQ/ty6mHZUMhABASNFZ4mrze8BI0VniavN7wMCbjECbjICbjM=',
        ],
        [8188, '+1k+sQ=='],
      ],
    },
  },
}
