import { gzipSync } from 'node:zlib'
import { portMarin, searchPath, valdor } from '../src/demo.ts'
import { expect, test } from '../src/fixtures.ts'

const most = 180_000

test('the script that a page needs at first stays small', async ({ baseURL, request }) => {
  const pages = ['/', searchPath(portMarin, valdor), '/runs/1?from=0&to=1', '/checkout/1', '/staff']
  for (const path of pages) {
    const html = await (await request.get(path)).text()
    const scripts = [...html.matchAll(/<script\b[^>]*\bsrc="([^"]+)"[^>]*>/g)]
      .filter(([tag]) => !/nomodule/i.test(tag))
      .map(([, source = '']) => source)
    expect(scripts.length).toBeGreaterThan(3)
    let bytes = 0
    for (const source of new Set(scripts)) {
      bytes += gzipSync(await (await request.get(`${baseURL}${source}`)).body()).length
    }
    expect(bytes, `${path}, gzipped`).toBeLessThan(most)
  }
})
