import { type DescMessage, fromBinary, toBinary } from '@bufbuild/protobuf'
import { type LogEntry, LogEntrySchema } from '@quorail/proto/quorail/command/v1/command_pb'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { arbitraryMessage } from '../../test/arbitrary-message.ts'
import { logEntryRules } from '../mapping/log-entry-rules.ts'
import { messageCodec } from '../mapping/message-codec.ts'
import { plainWire } from './plain-wire.ts'

type Plain = Readonly<Record<string, unknown>>

const direct = plainWire(LogEntrySchema, logEntryRules)
const codec = messageCodec(LogEntrySchema, logEntryRules)
const general = {
  encode: (plain: Plain): Uint8Array =>
    toBinary(LogEntrySchema, codec.toMessage(plain, 'entry') as LogEntry),
  decode: (bytes: Uint8Array): Plain => codec.toPlain(fromBinary(LogEntrySchema, bytes), 'entry'),
}

const commands =
  LogEntrySchema.oneofs.find(({ localName }) => localName === 'command')?.fields ?? []

const entryOf = (type: string, desc: DescMessage): fc.Arbitrary<Plain> =>
  fc.record(
    {
      timestampMs: fc.nat(2 ** 41),
      actor: fc.nat(Number.MAX_SAFE_INTEGER),
      key: fc.option(
        fc.constant({ principal: 'a:7', method: 'HoldSeats', requestId: 'é', contentHash: '' }),
        { nil: undefined },
      ),
      command: arbitraryMessage(desc).map((fields) => ({ type, ...fields })),
    },
    { noNullPrototype: true },
  )

const orUndefined = <T>(attempt: () => T): T | undefined => {
  try {
    return attempt()
  } catch {
    return undefined
  }
}

test.each(commands.map(({ localName, message }) => [localName, message as DescMessage]))(
  '%s is written and read as by protobuf-es, and mostly by this way',
  (type, desc) => {
    let [asked, taken] = [0, 0]
    fc.assert(
      fc.property(entryOf(type as string, desc as DescMessage), (entry) => {
        const bytes = general.encode(entry)
        const [written, read] = [direct.encode(entry), direct.decode(bytes)]
        asked += 2
        if (written !== undefined) expect(Buffer.from(written)).toEqual(Buffer.from(bytes))
        if (read !== undefined) {
          expect(read).toStrictEqual(general.decode(bytes))
          // The state machine writes some of them as JSON: the order of fields counts.
          expect(JSON.stringify(read)).toBe(JSON.stringify(general.decode(bytes)))
        }
        taken += Number(written !== undefined) + Number(read !== undefined)
      }),
      { numRuns: 50 },
    )
    expect(taken / asked).toBeGreaterThan(0.2)
  },
)

test('bytes that are wrong or rare are left to protobuf-es, or read as by it', () => {
  const any = fc.oneof(
    ...commands.map(({ localName, message }) => entryOf(localName, message as DescMessage)),
  )
  fc.assert(
    fc.property(
      any,
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
      fc.nat(3),
      (entry, changes, cut) => {
        const bytes = general.encode(entry)
        for (const [at, by] of changes) bytes[at % bytes.length] = by
        const broken = bytes.subarray(0, Math.max(bytes.length - cut, 0))
        const read = direct.decode(broken)
        if (read !== undefined)
          expect(read).toStrictEqual(orUndefined(() => general.decode(broken)))
      },
    ),
    { numRuns: 3_000 },
  )
})

test('plain data that is wrong is left to the way that explains it', () => {
  const values = fc.oneof(
    fc.constantFrom<unknown>(-0, Number.NaN, 2 ** 53, -1, 1.5, '\ud800', null, {}, [], true, ''),
    fc.anything(),
  )
  const [hold] = commands.filter(({ localName }) => localName === 'holdSeats')
  fc.assert(
    fc.property(
      entryOf('holdSeats', hold?.message as DescMessage),
      fc.nat(),
      values,
      (entry, at, value) => {
        const command: Record<string, unknown> = { ...(entry.command as Plain) }
        const names = [...Object.keys(command), 'unheardOf']
        command[names[at % names.length] as string] = value
        const broken = { ...entry, command }
        const written = direct.encode(broken)
        if (written === undefined) return
        expect(Buffer.from(written)).toEqual(Buffer.from(general.encode(broken)))
      },
    ),
    { numRuns: 3_000 },
  )
})
