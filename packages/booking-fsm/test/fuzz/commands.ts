/** Every command as it should be, naming things that are there or nearly. */
import type { Command, RequestKey } from '../../src/commands.ts'
import { LATEST_FEATURE_LEVEL } from '../../src/feature-levels.ts'
import { DAY, HOLD, HOUR, key, type Railway } from '../world.ts'
import { accountCommands } from './accounts.ts'
import { agentCommands } from './agents.ts'
import { archiveCommands, archivedKey } from './archive.ts'
import { bookedCommands } from './booked.ts'
import { bookingFrom, type FuzzRailway } from './bookings.ts'
import { companyCommands } from './companies.ts'
import { disruptionCommands } from './disruption.ts'
import { drawCommands } from './draws.ts'
import { guestCommands } from './guests.ts'
import { secondFactors } from './people.ts'
import { charges, tariff } from './rules.ts'
import { saleCommands } from './sale.ts'
import { seatCommands } from './seats.ts'
import { timetableCommands } from './timetable.ts'
import { voucherCommands } from './vouchers.ts'
import { burned, used } from './world.ts'

type Type = Command['type']
type Area = (world: FuzzRailway, draw: () => number) => readonly Command[]

const areas: readonly Area[] = [
  clusterCommands,
  accountCommands,
  secondFactors,
  timetableCommands,
  seatCommands,
  guestCommands,
  companyCommands,
  agentCommands,
  saleCommands,
  bookedCommands,
  drawCommands,
  archiveCommands,
  (world, draw) => voucherCommands(world, draw, bookingFrom(world, draw)),
  (world, draw) => disruptionCommands(world, draw, bookingFrom(world, draw)),
]

export interface Generator {
  readonly types: readonly Type[]
  /** Only its area is made: all of them for each entry would take most of the time. */
  make(world: FuzzRailway, type: Type, draw: () => number): Command
}

export function generatorFor(world: FuzzRailway): Generator {
  const areaOf = new Map<Type, Area>()
  for (const area of areas) {
    for (const { type } of area(world, () => 0)) areaOf.set(type, area)
  }
  return {
    types: [...areaOf.keys()],
    make: (now, type, draw) =>
      areaOf
        .get(type)?.(now, draw)
        .find((command) => command.type === type) as Command,
  }
}

/** Of the cluster, of rules that are no area's, and of what is told. */
function clusterCommands(world: Railway, draw: () => number): readonly Command[] {
  const { meta } = world.state
  const requestKey = [
    archivedKey,
    burned,
    used,
    key('fresh', { principal: `a:${1 + (draw() % 4)}` }),
  ][draw() % 4]
  const fare = { classCode: '2', baseMinor: 1, perThousandKilometresMinor: 1 }
  const band = { untilBeforeDepartureMs: HOUR, refundBasisPoints: 1 }
  const outcome =
    draw() % 2 === 0
      ? ({ type: 'done', providerReference: 'ref' } as const)
      : ({ type: 'refused', reason: 'no' } as const)
  return [
    {
      type: 'foundCluster',
      clusterId: '0'.repeat(32),
      pnrKey: [1, 2, 3, 4],
      currency: 'EUR',
      holdMs: HOLD,
      paymentWindowMs: HOLD,
      featureLevel: 1 + (draw() % LATEST_FEATURE_LEVEL),
    },
    { type: 'raiseFeatureLevel', level: 1 + (draw() % (LATEST_FEATURE_LEVEL + 1)) },
    { type: 'setFareRule', validFromMs: world.nowMs + DAY, classes: [fare] },
    tariff(world.nowMs + DAY),
    { type: 'setRefundRule', validFromMs: world.nowMs + DAY, bands: [band] },
    charges(world.nowMs + DAY),
    { type: 'recordOutcome', outboxId: 1 + (draw() % (meta.nextOutboxId + 3)), outcome },
    {
      type: 'registerTicketKey',
      keyId: `${draw() % 3}`.repeat(16),
      publicKey: `${draw() % 2}`.repeat(64),
    },
    { type: 'withdrawTicketKey', keyId: `${draw() % 4}`.repeat(16) },
    {
      type: 'registerNode',
      name: `m${draw() % 40}`,
      clientUrl: `https://m${draw() % 90}.example`,
      peerUrl: `https://m${draw() % 90}.example:3011`,
    },
    { type: 'forgetNode', name: `m${draw() % 60}` },
    { type: 'switchNotices', on: draw() % 4 > 0 },
    {
      type: 'setNoticePreferences',
      muted: (['refundSent', 'runDelayed', 'drawLost', 'refundSent', 'drawWon'] as const).filter(
        () => draw() % 2 === 0,
      ),
    },
    { type: 'recordNotice', noticeId: 1 + (draw() % 9), outcome },
    { type: 'tick' },
    { type: 'resolveRequest', key: requestKey as RequestKey },
  ]
}
