import type { FloatClient } from '../float/client.js';
import type { Day } from '../planning/day.js';

/** Through whose eyes a resource is seen: one Float account, on one day. */
export interface View {
  readonly api: FloatClient;
  readonly today: Day;
  readonly signal?: AbortSignal | undefined;
}
