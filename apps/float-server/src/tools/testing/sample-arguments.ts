import { idField, type ResourceKey, resourceOf } from 'float-api';
import type { Kit } from './kit.js';

/** The id of the first record of a resource. */
export async function firstId(kit: Kit, key: ResourceKey): Promise<number> {
  const [first] = (await kit.api.listAll(key)) as unknown as Record<string, unknown>[];
  return first?.[idField(resourceOf(key))] as number;
}

/** The range of the sample calls. */
export const RANGE = 'this quarter';
/** Arguments with which each consolidated tool works on the seeded sandbox. */
export const SAMPLE_ARGUMENTS: Readonly<Record<string, (kit: Kit) => Promise<Record<string, unknown>>>> = {
  'who-is-free': async (kit) => ({
    range: RANGE,
    department: await firstId(kit, 'departments'),
    role: await firstId(kit, 'roles'),
  }),
  'find-available': async () => ({ range: RANGE, hours: 40 }),
  'who-is-overbooked': async () => ({ range: RANGE }),
  'show-plan': async () => ({ range: RANGE, person: 'Ava Lindqvist' }),
  'who-works-on': async () => ({ project: 'Helios Customer Portal' }),
  'show-utilization': async () => ({ range: RANGE, group_by: 'department' }),
  'show-budget': async () => ({ project: 'Helios Customer Portal', include_costs: true }),
  'projects-at-risk': async (kit) => ({ client: await firstId(kit, 'clients') }),
  'logged-vs-planned': async () => ({
    range: 'last month',
    person: 'Ava Lindqvist',
    project: 'Helios Customer Portal',
  }),
  'who-is-away': async () => ({ range: RANGE, type: 'Vacation' }),
  'leave-clashes': async () => ({ range: RANGE }),
  'whats-due': async () => ({ range: RANGE }),
  'can-we-take-on': async (kit) => ({
    range: 'next month',
    demands: [{ role: await firstId(kit, 'roles'), hours: 500 }],
  }),
  'find-people': async () => ({}),
  'find-projects': async (kit) => ({ id: await firstId(kit, 'projects') }),
  'find-allocations': async () => ({ range: RANGE, person: 'Ava Lindqvist' }),
  'find-record': async () => ({ resource: 'phases' }),
  'book-person': async (kit) => ({
    person: await firstId(kit, 'people'),
    project: await firstId(kit, 'projects'),
    range: 'next week',
    hours_per_day: 9,
    status: 'confirmed',
  }),
  'hand-over': async (kit) => ({
    from_person: 'Ava Lindqvist',
    to_person: await firstId(kit, 'people'),
    range: 'next month',
  }),
  'book-time-off': async (kit) => ({
    person: await firstId(kit, 'people'),
    type: await firstId(kit, 'timeoff-types'),
    range: 'next week',
  }),
  'save-project': async (kit) => ({ id: await firstId(kit, 'projects'), active: true }),
  'save-allocation': async (kit) => ({ id: await firstId(kit, 'allocations'), hours: 3 }),
  'save-logged-time': async (kit) => ({ id: await firstId(kit, 'logged-time'), hours: 3 }),
  'save-record': async (kit) => ({ resource: 'phase', id: await firstId(kit, 'phases'), fields: { active: true } }),
  'delete-record': async (kit) => ({ kind: 'milestone', record: await firstId(kit, 'milestones') }),
};
