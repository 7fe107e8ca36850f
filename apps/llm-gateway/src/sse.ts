/**
 * Server-sent events as llama.cpp's server writes them: the data of each event, comments (its
 * keep-alive) dropped. What stands behind the last line break when the stream ends counts too:
 * some builds end without one.
 */
export async function* eventData(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true })
    const lines = rest.split(/\r?\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const data = dataOf(line)
      if (data !== undefined) yield data
    }
  }
  const data = dataOf(rest + decoder.decode())
  if (data !== undefined) yield data
}

function dataOf(line: string): string | undefined {
  if (line.startsWith('data:')) return line.slice(5).trim()
  // Older builds wrote errors in the middle of a stream like this.
  if (line.startsWith('error:')) return `{"error":${line.slice(6).trim()}}`
  return undefined
}
