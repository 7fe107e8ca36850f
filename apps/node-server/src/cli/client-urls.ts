/** The nodes that `npm start` starts. */
const defaults = ['http://localhost:3001', 'http://localhost:3002', 'http://localhost:3003']

/** Public addresses out of `--cluster "n1=CLIENT,PEER;n2=…"`; without one, those of `npm start`. */
export function clientUrls(cluster: string | undefined): readonly string[] {
  if (cluster === undefined) return defaults
  return cluster.split(';').map((member) => {
    const url = /^[^=]+=(https?:\/\/[^,]+)/.exec(member.trim())?.[1]
    if (url === undefined) {
      throw new Error(`“${member}” in --cluster is not ID=CLIENT_URL,PEER_URL.`)
    }
    return url
  })
}
