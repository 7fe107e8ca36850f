import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from '@playwright/test'
import { findBrowser } from '../../tools/browser.ts'
import { repositoryFolder } from '../../tools/product/repository.ts'
import { TestCluster } from '../../tools/testing/cluster.ts'
import { scenes } from './scenes/index.ts'
import type { Device, Scene, Theme } from './scenes/scene.ts'

// Every page and state of the product, as pictures to look at: npm run screenshots [-- --only search]
const devices: readonly Device[] = [
  { name: 'phone', width: 390, height: 844 },
  { name: 'desktop', width: 1280, height: 800 },
]
const themes: readonly Theme[] = ['light', 'dark']
const folder = path.join(repositoryFolder, 'screenshots')

const { values } = parseArgs({
  options: { only: { type: 'string' }, device: { type: 'string' }, theme: { type: 'string' } },
})

async function main(): Promise<number> {
  const found = findBrowser()
  if ('missing' in found) {
    console.error(`${found.missing} ${found.whatToDo}`)
    return 1
  }
  const wanted = scenes.filter(
    ({ name }) => values.only === undefined || name.includes(values.only),
  )
  // Old pictures of pages that are gone would lie.
  if (values.only === undefined) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  await using cluster = await TestCluster.start({ web: true, gateway: true })
  await cluster.leader()
  const browser = await chromium.launch({ executablePath: found.path, args: ['--no-sandbox'] })
  let failures = 0
  try {
    for (const device of devices.filter(({ name }) => name === (values.device ?? name)))
      for (const theme of themes.filter((name) => name === (values.theme ?? name)))
        for (const scene of wanted)
          if (!(await takePicture(scene, browser, cluster, device, theme))) failures += 1
  } finally {
    await browser.close()
  }
  console.log(`\n${folder}${failures === 0 ? '' : `; ${failures} scenes failed`}`)
  return failures === 0 ? 0 : 1
}

async function takePicture(
  scene: Scene,
  browser: Browser,
  cluster: TestCluster,
  device: Device,
  theme: Theme,
): Promise<boolean> {
  const name = `${scene.name}-${device.name}-${theme}.png`
  const context = await browser.newContext({
    baseURL: cluster.addresses.web,
    viewport: { width: device.width, height: device.height },
    colorScheme: theme,
    reducedMotion: 'reduce',
    hasTouch: device.name === 'phone',
    isMobile: device.name === 'phone',
    locale: 'en-GB',
  })
  context.setDefaultTimeout(15_000)
  const stage = { cluster, browser, context, page: await context.newPage(), device, theme }
  try {
    await scene.show(stage)
    if (scene.windowOnly !== true) await openWindowToTheEnd(stage.page, device)
    await stage.page.screenshot({ path: path.join(folder, name), animations: 'disabled' })
    console.log(`  ${name}`)
    return true
  } catch (error) {
    console.error(`✗ ${name}: ${error instanceof Error ? error.message : String(error)}`)
    await stage.page.screenshot({ path: path.join(folder, `FAILED-${name}`) }).catch(() => {})
    return false
  } finally {
    await scene.after?.(stage)
    await context.close()
  }
}

/** A picture of a whole page, with what sticks to the window's edges at the edges. */
async function openWindowToTheEnd(page: Page, { width, height }: Device): Promise<void> {
  let shown = height
  // What is as high as the window grows with it, and the page with that.
  for (let tries = 0; tries < 3; tries += 1) {
    const whole = await page.evaluate(() => document.documentElement.scrollHeight)
    if (whole <= shown) break
    shown = whole
    await page.setViewportSize({ width, height: shown })
  }
  await page.evaluate(() => window.scrollTo(0, 0))
}

process.exitCode = await main()
