import type { Day } from '../day.js';
import type { Decimal } from './decimal.js';

/** A cost rate in force from a day on. */
export interface RateVersion {
  readonly from: Day;
  readonly rate: Decimal;
}

/** A row of a person's contracts: from when which role and which cost rate. */
export interface Contract {
  readonly from: Day;
  readonly roleId?: number | undefined;
  readonly rate?: Decimal | undefined;
}

export interface CostSources {
  readonly contracts: readonly Contract[];
  /** What the person costs today, where Float gives no history. */
  readonly rate?: Decimal | undefined;
  readonly roleId?: number | undefined;
}

/**
 * What an hour of a person costs on a day: the person's own rate, else that of the role the person had then. Projects
 * and phases have no cost rates. As with working hours, the first version also covers the days before it: Float documents
 * that a rate without a start applies to all points in time, and says nothing about older days.
 */
export function costRateOn(
  day: Day,
  person: CostSources,
  roles: ReadonlyMap<number, readonly RateVersion[]>,
): Decimal | undefined {
  const contract = inForce(person.contracts, day);
  const roleId = contract?.roleId ?? person.roleId;
  const ofRole = roleId === undefined ? undefined : inForce(roles.get(roleId) ?? [], day)?.rate;
  return contract?.rate ?? person.rate ?? ofRole;
}

/** In whatever order the versions come. */
function inForce<T extends { readonly from: Day }>(versions: readonly T[], day: Day): T | undefined {
  const sorted = versions.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  return sorted.findLast(({ from }) => from <= day) ?? sorted[0];
}
