export { testStore } from './store-suite.js';
export type { StoreSuite, StoreUnderTest, StreamBounds } from './suite.js';
