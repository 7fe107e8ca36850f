import { describe, expect, it } from 'vitest'
import { FormatError, parseCommand, parseSteps } from './datadriven.ts'

describe('a scenario file', () => {
  it('has commands with input and output, comments and empty lines between', () => {
    const [first, second, ...others] = parseSteps(
      ['# why', '', 'simple', 'v1', 'v2', '----', 'a', 'b', '', '# more', 'x', '----', ''].join(
        '\n',
      ),
    )
    expect(first).toMatchObject({
      name: 'simple',
      input: ['v1', 'v2'],
      expected: ['a', 'b'],
      line: 3,
      expectedLine: 7,
    })
    expect(second).toMatchObject({ name: 'x', input: [], expected: [], line: 11 })
    expect(others).toEqual([])
  })

  it('may end without an empty line, and have carriage returns', () => {
    expect(parseSteps('x\r\n----\r\nout')).toMatchObject([{ expected: ['out'] }])
  })

  it('has output with empty lines between doubled separators', () => {
    const text = 'x\n----\n----\na\n\nb\n----\nc\n----\n----\n\ny\n----\nz\n'
    expect(parseSteps(text)).toMatchObject([
      { expected: ['a', '', 'b', '----', 'c'] },
      { expected: ['z'], line: 12 },
    ])
  })

  it('may have a command over several lines, and subtests', () => {
    const steps = parseSteps('subtest one\n\nx a=1 \\\n  b=2\n----\nok\n\nsubtest end\n')
    expect(steps).toMatchObject([{ text: 'x a=1 b=2', expected: ['ok'] }])
  })

  it('is refused with the line, if it is none', () => {
    expect(() => parseSteps('a\n----\nok\n\nb\nc\n')).toThrow('no ---- follows the command "b"')
    expect(() => parseSteps('a\n----\n----\nb\n')).toThrow(FormatError)
    expect(() => parseSteps('a b=(1,2\n----\n')).toThrow('left open')
  })
})

describe('a command', () => {
  it('has arguments with no value, one, or several', () => {
    expect(parseCommand('cmd 1 a=b c=(1, 2,3) d=() e=(_,x)', 1)).toEqual({
      name: 'cmd',
      args: [
        { key: '1', values: [] },
        { key: 'a', values: ['b'] },
        { key: 'c', values: ['1', '2', '3'] },
        { key: 'd', values: [] },
        { key: 'e', values: ['_', 'x'] },
      ],
    })
  })

  it('may have quotation marks in a word, which belong to it', () => {
    const { args } = parseCommand('propose 1 "foo"', 1)
    expect(args[1]).toEqual({ key: '"foo"', values: [] })
  })

  it('is one', () => {
    expect(() => parseCommand('  ', 7)).toThrow('a command was expected')
    expect(() => parseCommand('a =b', 7)).toThrow('has no name')
  })
})
