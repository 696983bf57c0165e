import { ROLE_PLACEHOLDERS } from '../directory.js';
import type { ToolCall } from '../tool.js';
import type { RateRecords } from './rates.js';

/** Reads the rates of all people, archived ones included, since their past hours have a price. */
export async function readRates(call: ToolCall, { costs }: { readonly costs: boolean }): Promise<RateRecords> {
  const contracts = costs ? { expand: 'contracts' } : {};
  const [people, placeholders, roles] = await Promise.all([
    call.api.listAll('people', contracts, call),
    call.api.listAll('people', { ...ROLE_PLACEHOLDERS, ...contracts }, call),
    call.api.listAll('roles', costs ? { expand: 'cost_rate_history' } : {}, call),
  ]);
  return { people: [...people, ...placeholders], roles };
}
