import { touched } from '../model/authorship.js';
import { equal, holds, type Row } from '../store/store.js';
import type { World } from '../world.js';
import { membersOf } from './project-team.js';
import { type Draft, effective, idAt, type Rules, recordIdOf, sqlOf } from './rules.js';

/** The team's standard week, from Sunday to Saturday. */
const STANDARD_WEEK = [0, 8, 8, 8, 8, 8, 0];
/** First date of every history in Float. */
const BEGINNING = '1970-01-01';
const CONTRACTOR = 2;
/** People type that lists leave out unless `people_type_id` asks for it. */
const ROLE_PLACEHOLDER = 4;

/** Rules of people. */
export const peopleRules: Rules = {
  normalise(body) {
    const department = body['department'];
    if (typeof department !== 'object' || Array.isArray(department)) return body;
    const { department: _, ...rest } = body;
    if (department === null) return { ...rest, department_id: null };
    return { ...rest, department_id: (department as Row)['department_id'] ?? null };
  },
  complete: (world, draft) => ({ ...roleOf(world, draft), ...weekOf(world, draft), ...contractorOf(draft) }),
  present(world, row) {
    const id = idAt(row, 'department_id');
    const found = id === undefined ? undefined : world.store.find('departments', id);
    return { department: found ?? null };
  },
  afterSave(world, row, before) {
    // Restoring an archived person does not restore the account; Float's interface does.
    if (before?.['active'] === 1 && row['active'] === 0) revokeAccess(world, row);
  },
  beforeDelete(world, row) {
    handOverProjects(world, row);
    revokeAccess(world, row);
  },
  expand: {
    account: (world, row) => accountOf(world, row) ?? null,
    managers: (world, row) => managersOf(world, row),
    contracts: (world, row) => [contractOf(world, row)],
  },
  scope: (_world, query) =>
    query['people_type_id'] === undefined ? [{ sql: 'people_type_id <> ?', values: [ROLE_PLACEHOLDER] }] : [],
};

/** `role_id` takes precedence; otherwise the title names a role, which is created if necessary. */
function roleOf(world: World, { values }: Draft): Row {
  const id = idAt(values, 'role_id');
  if (id !== undefined) return { job_title: world.store.find('roles', id)?.['name'] ?? null };
  const title = values['job_title'];
  // Clearing either the title or the role clears both.
  if (title === null || title === '') return { role_id: null, job_title: null };
  if (typeof title !== 'string') return values['role_id'] === null ? { job_title: null } : {};
  const known = world.store.select('roles', { where: [{ sql: 'lower(name) = lower(?)', values: [title] }] })[0];
  if (known !== undefined) return { role_id: known['id'], job_title: known['name'] };
  const stamp = world.stamp();
  const author = world.ownerId();
  const role = { name: title, created: stamp, created_by: author, modified: stamp, modified_by: author };
  return { role_id: world.store.insert('roles', role) };
}

function weekOf(world: World, { values, before }: Draft): Row {
  const week = values['work_days_hours'] ?? (before === undefined ? STANDARD_WEEK : undefined);
  if (week === undefined) return {};
  if (before === undefined) return { work_days_hours: week, work_days_hours_history: { [BEGINNING]: week } };
  const from = String(values['effective_date'] ?? world.today);
  const history = before['work_days_hours_history'];
  // A week that begins in the future does not change the current one.
  const current = from > world.today ? before['work_days_hours'] : week;
  return {
    work_days_hours: current,
    work_days_hours_history: { ...(typeof history === 'object' ? history : {}), [from]: week },
  };
}

function contractorOf(draft: Draft): Row {
  return { contractor: effective(draft, 'people_type_id') === CONTRACTOR ? 1 : 0 };
}

function accountOf(world: World, row: Row): Row | undefined {
  return world.store.select('accounts', { where: [equal('people_id', sqlOf(row['people_id']))] })[0];
}

function revokeAccess(world: World, row: Row): void {
  const account = accountOf(world, row);
  if (account === undefined) return;
  world.store.update('accounts', recordIdOf(account['account_id']), { active: 0, ...touched(world, 'accounts') });
}

function managersOf(world: World, row: Row): unknown[] {
  const department = idAt(row, 'department_id');
  if (department === undefined) return [];
  const where = [holds('department_filter', department), equal('account_type', 7)];
  return world.store.select('accounts', { where }).map((account) => account['account_id']);
}

function contractOf(world: World, row: Row): Row {
  const id = idAt(row, 'role_id');
  const role = id === undefined ? undefined : world.store.find('roles', id);
  return {
    effective_date: BEGINNING,
    role_id: id ?? null,
    role_name: role?.['name'] ?? null,
    cost_rate: row['cost_rate'],
    cost_rate_from: row['cost_rate'] === null ? null : 'person',
  };
}

/** Transfers the projects the person managed to the account owner, and removes the person from all teams. */
function handOverProjects(world: World, row: Row): void {
  const account = accountOf(world, row)?.['account_id'];
  for (const project of world.store.select('projects')) {
    const team = project['project_team'];
    const kept = membersOf(team).filter((member) => member.people_id !== row['people_id']);
    const changes: Row = {};
    if (Array.isArray(team) && team.length !== kept.length) changes['project_team'] = kept;
    if (account !== undefined && project['project_manager'] === account) changes['project_manager'] = world.ownerId();
    if (Object.keys(changes).length === 0) continue;
    world.store.update('projects', recordIdOf(project['project_id']), { ...changes, ...touched(world, 'projects') });
  }
}
