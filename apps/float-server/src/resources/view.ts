import type { FloatClient } from 'float-api';
import type { Day } from 'resource-planning';

/** The account and date that the content of a resource is read with. */
export interface View {
  readonly api: FloatClient;
  readonly today: Day;
  readonly signal?: AbortSignal | undefined;
}
