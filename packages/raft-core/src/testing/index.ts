/**
 * `@quorail/raft-core/testing`: memory implementations of the ports, and conformance suites for
 * one's own implementations. Runs anywhere; needs no test framework.
 */
export {
  type DiskFault,
  DiskFaultError,
  type DiskOperation,
  type FaultPlan,
} from './disk-faults.ts'
export { FakeClock } from './fake-clock.ts'
export {
  diskStorage,
  diskSubject,
  FOUNDING,
  JOINING,
  type LogStoreSubject,
  logStoreSuite,
  type MortalStorage,
  type SuiteCase,
} from './log-store-suite.ts'
export { type DiskSchedule, MemoryDisk, type PowerLoss } from './memory-disk.ts'
export { FILE_LOSSES, type FileLoss, SECTOR_BYTES } from './memory-file.ts'
export { MemoryLog } from './memory-log.ts'
export { NAME_LOSSES, type NameLoss } from './memory-names.ts'
export { type Deliver, MemoryNetwork } from './memory-network.ts'
export { MemorySnapshotStore } from './memory-snapshots.ts'
export { randomInteger, randomItem, randomStream } from './random.ts'
export {
  type SnapshotStoreSubject,
  snapshotDiskSubject,
  snapshotStoreSuite,
} from './snapshot-store-suite.ts'
export { type StateMachineSubject, stateMachineSuite } from './state-machine-suite.ts'
export { type TransportFeatures, type TransportSubject, transportSuite } from './transport-suite.ts'
