import type { FloatClient } from '../float/client.js';
import type { Day } from '../planning/day.js';

/** The account and date that the content of a resource is read with. */
export interface View {
  readonly api: FloatClient;
  readonly today: Day;
  readonly signal?: AbortSignal | undefined;
}
