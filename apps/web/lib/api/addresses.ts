/** Where the page finds the cluster and the payment provider; handed over by the server. */
export interface Addresses {
  readonly nodes: readonly string[]
  readonly paymentUrl: string
}
