import { expect, test } from 'vitest'
import { parseStartOptions } from './options.ts'

test('without options: port 3000 and .quorail', () => {
  expect(parseStartOptions([], '/somewhere')).toEqual({
    portBase: 3000,
    dataFolder: '/somewhere/.quorail',
    reset: false,
    yes: false,
    help: false,
  })
})

test('options are read', () => {
  const words = ['--port-base', '4000', '--data=elsewhere', '--reset', '--yes']
  expect(parseStartOptions(words, '/somewhere')).toMatchObject({
    portBase: 4000,
    dataFolder: '/somewhere/elsewhere',
    reset: true,
    yes: true,
  })
})

test.each(['abc', '0', '80', '65530', '3000.5'])('--port-base %s is refused', (value) => {
  expect(() => parseStartOptions(['--port-base', value], '/')).toThrow(/from 1024 to 65505/)
})

test('an unknown option is named, with the way to the list', () => {
  expect(() => parseStartOptions(['--prot-base', '1'], '/')).toThrow(
    /prot-base.*npm start -- --help/s,
  )
})
