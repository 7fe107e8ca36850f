import type { DemoConsist } from './demo-network.ts'

/** The demo's trains. Times are of the service day; hours above 23 are after midnight. */
export interface DemoTrain {
  readonly number: string
  readonly name: string
  readonly consist: DemoConsist
  /** Bit 0 = Monday … bit 6 = Sunday. */
  readonly weekdays: number
  /** `CODE arrival departure`, the first without arrival and the last without departure. */
  readonly stops: readonly string[]
  /** How many seats the demo leaves free on tomorrow's run; absent: none is sold. */
  readonly leaveFreeTomorrow?: number
}

const daily = 0b111_1111
const workdays = 0b001_1111
const weekend = 0b110_0000

export const demoTrains: readonly DemoTrain[] = [
  {
    number: 'IC 101',
    name: 'Atlantic',
    consist: 'intercity',
    weekdays: daily,
    stops: [
      'PMR 06:12',
      'SLV 06:34 06:36',
      'BRZ 07:02 07:04',
      'VDC 07:37 07:45',
      'OST 08:08 08:10',
      'KRL 08:38 08:40',
      'MIR 09:08 09:10',
      'TNB 09:42',
    ],
  },
  {
    number: 'IC 102',
    name: 'Atlantic',
    consist: 'intercity',
    weekdays: daily,
    stops: [
      'TNB 16:15',
      'MIR 16:47 16:49',
      'KRL 17:17 17:19',
      'OST 17:47 17:49',
      'VDC 18:12 18:20',
      'BRZ 18:53 18:55',
      'SLV 19:21 19:23',
      'PMR 19:45',
    ],
  },
  {
    number: 'IC 201',
    name: 'Meridian',
    consist: 'intercity',
    weekdays: daily,
    stops: [
      'NHV 07:05',
      'ELM 07:29 07:31',
      'GRN 07:59 08:01',
      'VDA 08:29 08:31',
      'VDC 08:42 08:50',
      'LND 09:15 09:17',
      'CVD 09:45 09:47',
      'SLM 10:14 10:16',
      'CSL 10:46',
    ],
  },
  {
    number: 'IC 202',
    name: 'Meridian',
    consist: 'intercity',
    weekdays: daily,
    stops: [
      'CSL 15:10',
      'SLM 15:40 15:42',
      'CVD 16:09 16:11',
      'LND 16:39 16:41',
      'VDC 17:06 17:14',
      'VDA 17:25 17:27',
      'GRN 17:55 17:57',
      'ELM 18:25 18:27',
      'NHV 18:51',
    ],
  },
  {
    number: 'IC 205',
    name: 'Bórea',
    consist: 'intercity',
    weekdays: workdays,
    stops: ['NHV 12:00', 'GRN 12:44 12:46', 'VDC 13:18 13:26', 'CVD 14:06 14:08', 'CSL 14:58'],
  },
  {
    number: 'IC 206',
    name: 'Bórea',
    consist: 'intercity',
    weekdays: workdays,
    stops: ['CSL 06:30', 'CVD 07:20 07:22', 'VDC 08:02 08:10', 'GRN 08:42 08:44', 'NHV 09:28'],
  },
  {
    number: 'RE 31',
    name: 'Harbour Line',
    consist: 'regional',
    weekdays: daily,
    stops: ['PMR 09:20', 'SLV 09:48 09:50', 'BRZ 10:22 10:24', 'VDC 11:06'],
  },
  {
    number: 'RE 32',
    name: 'Harbour Line',
    consist: 'regional',
    weekdays: daily,
    stops: ['VDC 14:05', 'BRZ 14:47 14:49', 'SLV 15:21 15:23', 'PMR 15:51'],
  },
  {
    number: 'RE 47',
    name: 'Moorland Explorer',
    consist: 'regional',
    weekdays: weekend,
    stops: ['NHV 08:40', 'BRK 09:15 09:17', 'FRN 10:14 10:18', 'SLV 11:25 11:28', 'PMR 11:56'],
  },
  {
    number: 'RB 61',
    name: 'Mountain Railcar',
    consist: 'railcar',
    weekdays: daily,
    stops: ['TNB 10:05', 'HWD 10:47 10:50', 'STC 11:30'],
    leaveFreeTomorrow: 3,
  },
  {
    number: 'RB 63',
    name: 'Mountain Railcar',
    consist: 'railcar',
    weekdays: daily,
    stops: ['TNB 17:20', 'HWD 18:02 18:05', 'STC 18:45'],
    leaveFreeTomorrow: 0,
  },
  {
    number: 'NT 400',
    name: 'Night Star',
    consist: 'night',
    weekdays: daily,
    stops: [
      'CSL 21:35',
      'SLM 22:12 22:15',
      'LND 23:22 23:25',
      'VDC 23:58 24:20',
      'KRL 25:28 25:31',
      'TNB 26:52 27:10',
      'HWD 27:55 27:58',
      'STC 28:40',
    ],
  },
]
