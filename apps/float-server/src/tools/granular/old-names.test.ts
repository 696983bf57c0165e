/** Every tool name of the archived server, proved to be answered for: a tool that works, or a reason. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { argumentsFor, filters } from '../testing/granular-arguments.js';
import { type Kit, openKit, textOf } from '../testing/kit.js';
import { toolsOf } from '../toolset.js';
import { OLD_NAMES } from './old-names.js';

/** As the archived server's `tools/list` gave them, less its four consolidated ones. */
const ALL_132 = `
list-accounts get-account update-account manage-account-permissions create-account deactivate-account
reactivate-account get-current-account update-account-timezone set-account-department-filter
bulk-update-account-permissions list-departments get-department create-department update-department
delete-department list-people get-person create-person update-person delete-person list-roles
get-role create-role update-role delete-role get-roles-by-permission get-role-permissions
update-role-permissions get-role-hierarchy check-role-access list-statuses get-status create-status
update-status delete-status get-default-status set-default-status get-statuses-by-type list-projects
get-project create-project update-project delete-project list-tasks get-task create-task update-task
delete-task list-allocations get-allocation create-allocation update-allocation delete-allocation
list-clients get-client create-client update-client delete-client list-milestones get-milestone
create-milestone update-milestone delete-milestone get-project-milestones get-upcoming-milestones
get-overdue-milestones complete-milestone get-milestone-reminders list-phases get-phase create-phase
update-phase delete-phase list-phases-by-project get-phases-by-date-range get-active-phases
get-phase-schedule list-project-tasks get-project-task create-project-task update-project-task
delete-project-task get-project-tasks-by-project get-project-tasks-by-phase bulk-create-project-tasks
reorder-project-tasks archive-project-task get-project-task-dependencies list-timeoff get-timeoff
create-timeoff update-timeoff delete-timeoff bulk-create-timeoff approve-timeoff reject-timeoff
list-timeoff-types get-timeoff-calendar get-person-timeoff-summary list-time-off-types get-time-off-type
create-time-off-type update-time-off-type delete-time-off-type list-public-holidays get-public-holiday
create-public-holiday update-public-holiday delete-public-holiday list-team-holidays get-team-holiday
create-team-holiday update-team-holiday delete-team-holiday list-team-holidays-by-department
list-team-holidays-by-date-range list-recurring-team-holidays get-upcoming-team-holidays list-logged-time
get-logged-time create-logged-time update-logged-time delete-logged-time bulk-create-logged-time
get-person-logged-time-summary get-project-logged-time-summary get-logged-time-timesheet
get-billable-time-report get-time-report get-project-report get-people-utilization-report
`
  .trim()
  .split(/\s+/);

const aliases = toolsOf(['aliases']);
const everything = toolsOf(['consolidated', 'granular', 'aliases']).map(({ name }) => name);

let kit: Kit;
beforeAll(async () => {
  kit = await openKit({ seed: true, tools: toolsOf(['granular', 'aliases']) });
});
afterAll(() => kit.close());

test('each of the 132 names is in the table, once, and nothing else is', () => {
  expect(ALL_132).toHaveLength(132);
  expect(OLD_NAMES.map(({ old }) => old).sort()).toEqual([...ALL_132].sort());
});

test('the aliases are those behind which something real stands', () => {
  const real = OLD_NAMES.filter((row) => !('why' in row)).map(({ old }) => old);
  expect(aliases.map(({ name }) => name).sort()).toEqual(real.sort());
  expect(real.length).toBeGreaterThan(90);
});

describe('names without a successor', () => {
  const impossible = OLD_NAMES.flatMap((row) => ('why' in row ? [row] : []));

  test.each(impossible.map((row) => [row.old, row] as const))('%s has a reason and no tool', (old, row) => {
    expect(row.why.length).toBeGreaterThan(20);
    expect(everything).not.toContain(old);
    if (row.instead !== undefined) expect(everything).toContain(row.instead);
  });
});

describe('names with a successor', () => {
  const renamed = OLD_NAMES.flatMap((row) => ('tool' in row ? [row] : []));
  const bulk = OLD_NAMES.flatMap((row) => ('each' in row ? [row] : []));

  test.each(renamed.map((row) => [row.old, row] as const))('%s works', async (old, row) => {
    const args = { ...(await argumentsFor(kit, row.tool)), ...filters(row.needs ?? []) };
    for (const name of Object.keys(row.preset ?? {})) delete args[name];
    const result = await kit.call(old, args);
    expect([result.isError, textOf(result)]).toEqual([undefined, expect.not.stringMatching(/undefined|NaN|\[object/)]);
    // Arguments that the old name requires cannot be omitted; those that it implies cannot be given.
    for (const name of row.needs ?? []) {
      const { [name]: _left, ...rest } = args;
      expect(await kit.call(old, rest)).toMatchObject({ isError: true });
    }
    for (const [name, value] of Object.entries(row.preset ?? {})) {
      expect(await kit.call(old, { ...args, [name]: value })).toMatchObject({ isError: true });
    }
  });

  test.each(bulk.map((row) => [row.old, row] as const))('%s saves several', async (old, row) => {
    const entry = await argumentsFor(kit, row.each);
    const result = await kit.call(old, { entries: [entry, entry] });
    expect(result.structuredContent).toMatchObject({ done: 2, of: 2, results: [{ action: 'created' }, {}] });
  });
});

test('an alias does what it stands for', async () => {
  const active = await kit.call('get-active-phases', { limit: 200 });
  const phases = await kit.api.listAll('phases', { active: 1 });
  expect(active.structuredContent).toMatchObject({ total: phases.length });
  const args = await argumentsFor(kit, 'update-time-off');
  const approved = await kit.call('approve-timeoff', { id: args['id'] });
  expect(approved.structuredContent).toMatchObject({ action: 'updated', record: { status: 'confirmed' } });
});

test('a bulk write that fails half way reports the saved entries, so that they are not saved twice', async () => {
  const entry = await argumentsFor(kit, 'create-logged-time');
  const before = (await kit.api.listAll('logged-time')).length;
  const wrong = { ...entry, project: 'No such project' };
  const half = await kit.call('bulk-create-logged-time', { entries: [entry, wrong, entry] });
  expect(half.structuredContent).toMatchObject({ done: 1, of: 3, stopped_by: expect.stringContaining('No such') });
  expect(await kit.api.listAll('logged-time')).toHaveLength(before + 1);
  expect(await kit.call('bulk-create-logged-time', { entries: [wrong] })).toMatchObject({ isError: true });
});
