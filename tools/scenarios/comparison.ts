/** Compares what a command printed with what the file expects. */
import type { Step } from './datadriven.ts'
import { applyRules, type Line } from './differences.ts'

export interface Mismatch {
  /** Line of the file: the one that differs, or that of the command. */
  readonly line: number
  readonly command: string
  readonly expected: string
  readonly found: string
}

/** Everything counts, line by line. */
export function compareExactly(step: Step, found: string): Mismatch | undefined {
  const lines = found.replace(/\n+$/, '').split('\n')
  return firstMismatch(step, expectedLines(step), asLines(lines))
}

/** The lines of etcd's logger are left out, and the rules of differences.ts are applied to both. */
export function compareOutput(step: Step, found: readonly string[]): Mismatch | undefined {
  const expected = expectedLines(step).filter(({ text }) => !LOGGED.test(text))
  return firstMismatch(step, orOk(applyRules(expected)), orOk(applyRules(asLines(found))))
}

const LOGGED = /^\s*(DEBUG|INFO|WARN|ERROR|FATAL) /

const NEWS = /^\s*INFO (\d+) switched to configuration (.*)$/

/**
 * Which memberships the nodes of a command came to, in order: the one thing that etcd's logger tells
 * that is state. Not looked at where the file says that the logger is silent.
 */
export function compareNews(
  step: Step,
  found: readonly { readonly node: number; readonly text: string }[],
): Mismatch | undefined {
  const expected = expectedLines(step).filter(({ text }) => NEWS.test(text))
  const told = expected.map(({ text, number }) => {
    const [, node = '', membership = ''] = NEWS.exec(text) ?? []
    return { text: newsText(Number(node), membership), number }
  })
  const ours = found.map(({ node, text }) => newsText(node, text))
  return firstMismatch(step, told, asLines(ours))
}

function newsText(node: number, membership: string): string {
  return `node ${node}: configuration ${membership}`
}

function expectedLines(step: Step): readonly Line[] {
  return step.expected.map((text, i) => ({ text, number: step.expectedLine + i }))
}

function asLines(texts: readonly string[]): readonly Line[] {
  return texts.map((text) => ({ text, number: 0 }))
}

function orOk(lines: readonly Line[]): readonly Line[] {
  return lines.length === 0 ? [{ text: 'ok', number: 0 }] : lines
}

function firstMismatch(
  step: Step,
  expected: readonly Line[],
  found: readonly Line[],
): Mismatch | undefined {
  for (let i = 0; i < Math.max(expected.length, found.length); i++) {
    const theirs = expected[i]
    const ours = found[i]
    // Blanks at the end of a line are nobody's; those at its beginning are structure.
    if (theirs?.text.trimEnd() === ours?.text.trimEnd()) continue
    return {
      line: theirs?.number || step.line,
      command: step.text,
      expected: theirs?.text ?? '(nothing more)',
      found: ours?.text ?? '(nothing more)',
    }
  }
  return undefined
}
