import type { Day } from '../day.js';
import type { Decimal } from './decimal.js';

/** A cost rate valid from a day on. */
export interface RateVersion {
  readonly from: Day;
  readonly rate: Decimal;
}

/** A contract of a person: role and cost rate from a day on. */
export interface Contract {
  readonly from: Day;
  readonly roleId?: number | undefined;
  readonly rate?: Decimal | undefined;
}

/** The cost rates of a person. */
export interface CostSources {
  readonly contracts: readonly Contract[];
  /** The current rate, if Float returns no history. */
  readonly rate?: Decimal | undefined;
  readonly roleId?: number | undefined;
}

/**
 * The cost of an hour of a person on a day: the person's rate, otherwise that of the role at the time. Projects and phases
 * have no cost rates. The first version also covers earlier days: Float documents that a rate without a start applies at
 * any time, and does not define older days.
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

/** The version in force on a day. Versions may be in any order. */
function inForce<T extends { readonly from: Day }>(versions: readonly T[], day: Day): T | undefined {
  const sorted = versions.toSorted((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  return sorted.findLast(({ from }) => from <= day) ?? sorted[0];
}
