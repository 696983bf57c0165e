import { busContract } from './bus-contract.js';
import { claimContract } from './claim-contract.js';
import { faultContract } from './faults/fault-contract.js';
import { leaseContract, valueContract } from './lease-contract.js';
import { pendingResponseContract } from './pending-response-contract.js';
import { holderContract } from './quota-contract.js';
import { sessionContract } from './session-contract.js';
import { streamBoundsContract } from './stream-bounds-contract.js';
import { streamContract } from './stream-contract.js';
import { streamPressureContract } from './stream-pressure-contract.js';
import { streamShareContract } from './stream-quota-contract.js';
import { subscriptionContract } from './subscription-contract.js';
import type { StoreSuite } from './suite.js';
import { taskContract } from './task-contract.js';

/**
 * The store contract as tests. Every sentence of the contract (see `Store`) that a black box can check is checked here,
 * limits and failures included.
 *
 * ```ts
 * import { describe, test } from '@jest/globals';
 * import { testStore } from 'mcp-express/testing';
 *
 * testStore({ describe, test, create: async () => ({ store: myStore() }) });
 * ```
 */
export function testStore(suite: StoreSuite): void {
  suite.describe('sessions', () => sessionContract(suite));
  suite.describe('quotas of holders', () => holderContract(suite));
  suite.describe('streams', () => streamContract(suite));
  suite.describe('limits of streams', () => streamBoundsContract(suite));
  suite.describe('streams under pressure', () => streamPressureContract(suite));
  suite.describe('quotas of streams', () => streamShareContract(suite));
  suite.describe('pending responses', () => pendingResponseContract(suite));
  suite.describe('leases', () => leaseContract(suite));
  suite.describe('values', () => valueContract(suite));
  suite.describe('subscriptions and versions', () => subscriptionContract(suite));
  suite.describe('tasks', () => taskContract(suite));
  suite.describe('claims', () => claimContract(suite));
  suite.describe('bus', () => busContract(suite));
  suite.describe('faults', () => faultContract(suite));
}
