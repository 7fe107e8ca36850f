'use client'

import type { ClusterState } from '@quorail/cluster-client'
import { useSyncExternalStore } from 'react'
import { useConnection } from './connection'

/** What is known of the cluster from its answers so far. */
export function useClusterState(): ClusterState {
  const { cluster } = useConnection()
  return useSyncExternalStore(cluster.subscribe, cluster.state, cluster.state)
}
