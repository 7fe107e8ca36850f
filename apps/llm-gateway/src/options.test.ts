import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'

test('flags win over the environment', () => {
  const env = { LLAMA_SERVER_URL: 'http://a:1/', LLAMA_MODEL: 'm.gguf' }
  expect(parseOptions([], env)).toMatchObject({ llamaUrl: 'http://a:1', llamaModel: 'm.gguf' })
  expect(parseOptions(['--llama-url', 'http://b:2'], env).llamaUrl).toBe('http://b:2')
})

test('what can not be meant is named', () => {
  expect(parseOptions(['--port', 'x'], {}).problem).toMatch(/--port.*“x”/)
  expect(parseOptions(['--llama-url', 'b:2'], {}).problem).toMatch(/http:\/\//)
  expect(parseOptions(['--what'], {}).problem).toMatch(/--what/)
})
