import { flushCompileCache } from 'node:module'
import path from 'node:path'
import { ConfigError, MachineBehindError } from '@quorail/raft-core'
import { CorruptLogError } from '@quorail/raft-core/wal'
import { CertificateError } from '../certificates/certificate-error.ts'
import { checkLines } from '../config/check-lines.ts'
import { configOf, type NodeConfig, serveHelp } from '../config/node-config.ts'
import { type GivenOptions, readOptions } from '../config/option-sources.ts'
import { type EndReason, startNode } from '../lifecycle.ts'
import { type Logger, type NodeLog, openLog } from '../log.ts'
import { addAnew } from '../storage/damaged-advice.ts'
import { StartRefusedError } from '../storage/start-refused.ts'
import { exitCodes } from './exit-codes.ts'
import { whenStopIsWanted } from './stop-signals.ts'
import { whatToDo } from './what-to-do.ts'

/** The whole stop is over within 4 s; what is not done by then, the log has. */
const stopWithinMs = 3_700

/** Runs a node until it is told to stop; resolves to the exit code. */
export async function serve(words: readonly string[]): Promise<number> {
  const given = readOptions(words, process.env)
  if (given.help) {
    process.stdout.write(`${serveHelp}\n`)
    return exitCodes.done
  }
  if (given.check) return check(given)
  const config = configOf(given)
  const log = openLog({ id: config.id, file: config.logFile, level: config.logLevel })
  endOnBugs(log)
  try {
    return await run(config, log)
  } catch (error) {
    return sayWhyNot(error, config, log.logger)
  } finally {
    await log.drained()
  }
}

/** Says what a start would come to. */
function check(given: GivenOptions): number {
  try {
    process.stdout.write(`${checkLines(given).join('\n')}\n`)
    return exitCodes.done
  } catch (error) {
    if (!(error instanceof CertificateError)) throw error
    process.stderr.write(`${error.code}: ${error.message}\n`)
    return exitCodes.refused
  }
}

async function run(config: NodeConfig, log: NodeLog): Promise<number> {
  const { logger } = log
  const stopWanted = whenStopIsWanted(logger)
  let failure: Error | undefined
  let started = false
  const fail = (error: Error): void => {
    failure = error
    if (!started) return
    // At once: whatever this process still said could be a lie.
    const todo = whatToDo(error)
    logger.fatal(
      { error: error.message },
      `the disk or the state machine failed; the node ends. What to do: ${todo}`,
    )
    log.flush()
    process.exit(exitCodes.storageFailed)
  }
  let end: (reason: EndReason) => void = () => {}
  const ended = new Promise<EndReason>((resolve) => {
    end = resolve
  })
  const node = await startNode(config, logger, fail, end)
  // At the first start only is there something to write; a node that is killed never comes to it at its end.
  flushCompileCache()
  started = true
  if (failure !== undefined) fail(failure)
  const ready = {
    ready: true,
    service: 'node-server',
    id: config.id,
    address: config.own.clientUrl,
    peerAddress: config.own.peerUrl,
    pid: process.pid,
    metricsPort: node.metricsPort,
  }
  process.stdout.write(`${JSON.stringify(ready)}\n`)
  logger.info(ready, 'ready')
  const reason = await Promise.race([stopWanted, ended])
  const code = codeOf(reason)
  if (reason === 'removed') logger.fatal({ folder: config.dataFolder }, removedText)
  logger.info({ reason }, 'stopping')
  const late = setTimeout(() => {
    logger.warn('stopped before everything was done in good order; the log has it')
    log.flush()
    process.exit(code)
  }, stopWithinMs)
  await node.stop()
  clearTimeout(late)
  logger.info('stopped')
  return code
}

function codeOf(reason: string): number {
  if (reason === 'removed') return exitCodes.removed
  return reason === 'restart wanted' ? exitCodes.restartWanted : exitCodes.done
}

const removedText =
  'this node was removed from its cluster: it ends, and starting it again helps nobody; its machine may come back under a new name, in an empty folder, with --join'

/** The reason as a sentence in the log, and the exit code that says whether trying again helps. */
function sayWhyNot(error: unknown, config: NodeConfig, log: Logger): number {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof CorruptLogError) {
      const { offset, reason } = cause
      const file = path.join(config.dataFolder, 'log', cause.file)
      log.fatal({ file, offset, reason }, cause.message)
      return exitCodes.refused
    }
    if (cause instanceof MachineBehindError) {
      const { id, own, dataFolder: folder } = config
      log.fatal({ folder }, `${cause.message}. What to do: ${addAnew({ id, own, folder })}`)
      return exitCodes.refused
    }
    if (cause instanceof StartRefusedError || cause instanceof ConfigError) {
      const code = cause instanceof CertificateError ? cause.code : undefined
      log.fatal({ folder: config.dataFolder, code }, cause.message)
      return exitCodes.refused
    }
  }
  log.fatal({ err: error }, `the node could not start: ${String(error)}`)
  return exitCodes.failed
}

/** A bug must not leave a node half alive: it ends, and its peers go on. */
function endOnBugs(log: NodeLog): void {
  const end = (error: unknown): void => {
    log.logger.fatal({ err: error }, `unexpected: ${String(error)}`)
    log.flush()
    process.exit(exitCodes.failed)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', end)
}
