import path from 'node:path'
import {
  clusterArgument,
  llmGateway,
  localAddress,
  nodeServer,
  type Product,
  paymentSandbox,
  webApp,
} from '../product/commands.ts'
import { planPorts } from '../product/ports.ts'
import { repositoryFolder } from '../product/repository.ts'
import { settledStatus, waitForLeader } from '../product/status.ts'
import { openDataFolder, resetDataFolder } from './data-folder.ts'
import { testCards } from './demo.ts'
import { launch } from './launch.ts'
import { help, parseStartOptions, StartError } from './options.ts'
import { requireFreePorts } from './port-check.ts'
import { runningReport } from './report.ts'

/** Long after the first election of a healthy cluster; then the table is shown as it is. */
const leaderWaitMilliseconds = 30_000
/** For the table of nodes, in which each should have its role. */
const settleMilliseconds = 15_000

async function main(): Promise<number> {
  const options = parseStartOptions(process.argv.slice(2), process.env.INIT_CWD ?? process.cwd())
  if (options.help) {
    console.log(help)
    return 0
  }
  const ports = planPorts(options.portBase)
  await requireFreePorts(ports)
  if (options.reset) resetDataFolder(options.dataFolder, options.yes)
  const data = openDataFolder(options.dataFolder)
  const { demoFile, paymentSecretFile, sealKeyFile } = data
  const secrets = { paymentSecretFile, sealKeyFile }
  const product: Product = { ports, dataFolder: data.folder, ...secrets, demoFile }
  const cluster = clusterArgument(ports)
  const nodeNames = ports.nodes.map(({ id }) => id)
  const logFolder = path.join(data.folder, 'logs')
  return launch({
    folder: repositoryFolder,
    logFolder,
    children: [
      ...nodeNames.map((id) => nodeServer(product, id)),
      paymentSandbox(product),
      llmGateway(product),
      webApp(product),
    ],
    canRunWithout: (missing) =>
      !missing.includes('web') && missing.filter((name) => nodeNames.includes(name)).length < 2,
    onRunning: async () => {
      await waitForLeader(cluster, leaderWaitMilliseconds).catch((error: Error) =>
        console.error(`\n${error.message}`),
      )
      const nodes = await settledStatus(cluster, settleMilliseconds)
      const cards = await testCards(localAddress(ports.paymentSandbox))
      console.log(runningReport({ ports, data, logFolder, nodes, cards }))
    },
    onChildEnded: async (name) => {
      if (!nodeNames.includes(name)) return
      await waitForLeader(cluster, leaderWaitMilliseconds).then(
        ({ id, term, pid }) =>
          console.log(`  ${id} leads (term ${term}, pid ${pid}): bookings go on.`),
        (error: Error) => console.log(`  ${error.message}`),
      )
    },
    onStopped: () => data.release(),
  })
}

try {
  process.exitCode = await main()
} catch (error) {
  if (!(error instanceof StartError)) throw error
  console.error(`\n${error.message}\n`)
  process.exitCode = 1
}
// A child's half-closed pipe must not hold this process: by now everything has been stopped.
process.exit()
