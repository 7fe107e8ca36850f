/**
 * One line of plain text for everything a core takes, gives and keeps, for traces and reports of
 * faults. `index@term` is an entry's place; bytes are shown as text when they are short and
 * printable. For people: the wording may change, no program should read it. Every line is at most
 * 1,000 characters and has no control characters, whatever names and commands contain.
 */
export { describeCoreEvent } from './core-event.ts'
export { describeEntries, describeEntry } from './entry.ts'
export { describeInput } from './input.ts'
export { describeHardState, describeRestoredLog, describeWrite } from './log.ts'
export {
  describeGenesis,
  describeMembership,
  describeMembershipChange,
  describeSnapshotMark,
} from './membership.ts'
export { describeMessage } from './message.ts'
export { describeOutput } from './output.ts'
