export type { Fault, StoreFaults } from './faults/fault-suite.js';
export { testStore } from './store-suite.js';
export type { FailingStore, StoreSuite, StoreUnderTest, StreamBounds } from './suite.js';
