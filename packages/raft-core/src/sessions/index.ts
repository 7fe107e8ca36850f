/**
 * Exactly-once client sessions round any state machine: `sessionMachine` on every node, the commands
 * it understands, and `RaftSession`, which numbers a client's commands and repeats them safely.
 */
export {
  closeSession,
  decodeSessionCommand,
  keepAlive,
  limitSessions,
  openSession,
  type SessionCommand,
  withoutSession,
  withSession,
} from './commands.ts'
export {
  RaftSession,
  type RaftSessionOptions,
  type SessionReply,
} from './raft-session.ts'
export type { SessionProposer } from './repeating.ts'
export {
  SESSION_LIMITS,
  type SessionAnswer,
  type SessionId,
  type SessionLimits,
  type SessionResult,
} from './results.ts'
export { SessionError, type SessionErrorCode } from './session-error.ts'
export {
  type SessionMachine,
  type SessionMachineOptions,
  type SessionStats,
  sessionMachine,
} from './session-machine.ts'
