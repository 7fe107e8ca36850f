import { findBrowser } from '../browser.ts'

/** The Chromium or Chrome of this machine. Throws, with what to do, where there is none. */
export function chromiumPath(): string {
  const browser = findBrowser()
  if ('missing' in browser) throw new Error(`${browser.missing} ${browser.whatToDo}`)
  return browser.path
}
