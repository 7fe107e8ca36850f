/** Runs one scenario file, of whichever form it is. */
import { compareExactly, compareNews, compareOutput, type Mismatch } from './comparison.ts'
import { CONFCHANGE_COMMANDS, ConfchangeScenario } from './confchange-scenarios.ts'
import { FormatError, parseSteps, type Step } from './datadriven.ts'
import { Environment } from './interaction/environment.ts'
import { QUORUM_COMMANDS, runQuorumStep } from './quorum-scenarios.ts'

export type Form = 'quorum' | 'confchange' | 'interaction'

export interface FileResult {
  readonly form: Form | undefined
  /** Commands that were run. */
  readonly commands: number
  /** The first one, if any. */
  readonly mismatch: Mismatch | undefined
}

/** `folder` is the name of the folder that the file is in. */
export function runFile(text: string, folder: string): FileResult {
  try {
    const steps = parseSteps(text)
    const first = steps[0]
    if (first === undefined) throw new FormatError(1, 'there is no command in this file')
    return runSteps(steps, formOf(steps, folder))
  } catch (error) {
    if (!(error instanceof FormatError)) throw error
    const mismatch = {
      line: error.line,
      command: '(reading the file)',
      expected: 'a file of the form command, ----, output',
      found: error.message,
    }
    return { form: undefined, commands: 0, mismatch }
  }
}

/** By the folder, or else by what is in it. */
function formOf(steps: readonly Step[], folder: string): Form {
  if (folder === 'quorum' || folder === 'confchange' || folder === 'interaction') return folder
  const areAll = (known: readonly string[]) => steps.every(({ name }) => known.includes(name))
  if (areAll(QUORUM_COMMANDS)) return 'quorum'
  return areAll(CONFCHANGE_COMMANDS) ? 'confchange' : 'interaction'
}

function runSteps(steps: readonly Step[], form: Form): FileResult {
  const check = checkOf(form)
  for (const [i, step] of steps.entries()) {
    const mismatch = checkSafely(check, step)
    if (mismatch !== undefined) return { form, commands: i + 1, mismatch }
  }
  return { form, commands: steps.length, mismatch: undefined }
}

type Check = (step: Step) => Mismatch | undefined

function checkOf(form: Form): Check {
  if (form === 'quorum') return (step) => compareExactly(step, runQuorumStep(step))
  if (form === 'confchange') {
    const scenario = new ConfchangeScenario()
    return (step) => compareExactly(step, scenario.run(step))
  }
  const environment = new Environment()
  return (step) => {
    environment.run(step)
    const mismatch = compareOutput(step, environment.output)
    if (mismatch !== undefined || !environment.tellsNews) return mismatch
    return compareNews(step, environment.news)
  }
}

/** Our core throws when one of its invariants does not hold: that is a difference like any other. */
function checkSafely(check: Check, step: Step): Mismatch | undefined {
  try {
    return check(step)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const found = error.stack ?? error.message
    return { line: step.line, command: step.text, expected: 'no exception', found }
  }
}
