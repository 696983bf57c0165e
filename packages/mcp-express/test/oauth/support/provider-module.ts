import type { Provider } from 'oidc-provider';
import { expectingWarning } from './expected-warnings.js';

/**
 * On Node 20, the oldest this package runs on, the provider says that it is not made for it while it is imported. All that
 * these tests use of it works there.
 */
export const providerModule: Promise<{ readonly Provider: typeof Provider }> = expectingWarning(
  'oidc-provider WARNING: Unsupported runtime',
  () => import('oidc-provider'),
);
