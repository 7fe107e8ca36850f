'use client'

import type { ClusterState } from '@quorail/cluster-client'
import { useSyncExternalStore } from 'react'
import { useConnection } from './connection'

/** What is known of the cluster from its answers so far. */
export function useClusterState(): ClusterState {
  const { subscribe, state } = useConnection()
  return useSyncExternalStore(subscribe, state, state)
}
