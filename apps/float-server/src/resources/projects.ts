import { BUDGET_PRIORITIES, BUDGET_TYPES, PROJECT_STATUSES, type Project } from 'float-api';
import { allPeople, allProjects, findProject, suggestProjects } from './names.js';
import { pageOf, suggestPages } from './pages.js';
import type { FloatResource } from './resource.js';
import { PROJECTS_URI, personUri, projectUri } from './uris.js';
import type { View } from './view.js';

/** The list of projects. */
export const projectsResource: FloatResource = {
  name: 'projects',
  title: 'Projects',
  description: 'Every project that is not archived, by name, fifty to a page.',
  template: `${PROJECTS_URI}{?page}`,
  listed: [{ uri: PROJECTS_URI, name: 'projects', title: 'Projects' }],
  tables: ['projects', 'clients'],
  suggest: { page: async (typed, view) => suggestPages(typed, (await running(view)).length) },
  async body({ page }, view) {
    const [projects, clients] = await Promise.all([running(view), clientNames(view)]);
    const { items, ...where } = pageOf(projects, page, PROJECTS_URI);
    return { ...where, projects: items.map((project) => rowOf(project, clients)) };
  },
};

/** One project. */
export const projectResource: FloatResource = {
  name: 'project',
  title: 'Project',
  description: 'One project: client, dates, budget, manager, team, phases and milestones. By id, full name or code.',
  template: `${PROJECTS_URI}/{project}`,
  listed: [],
  tables: ['projects', 'clients', 'accounts', 'people', 'phases', 'milestones'],
  suggest: { project: suggestProjects },
  async body({ project: asked = '' }, view) {
    const { project_id: id } = await findProject(asked, view);
    const [project, clients, accounts, parts] = await Promise.all([
      view.api.get('projects', id, { expand: ['project_team'], signal: view.signal }),
      clientNames(view),
      view.api.listAll('accounts', {}, view),
      partsOf(id, view),
    ]);
    const manager = accounts.find(({ account_id: account }) => account === project.project_manager);
    return {
      ...rowOf(project, clients),
      active: project.active === 1,
      billable: project.non_billable !== 1,
      budget: budgetOf(project),
      manager: manager?.name,
      tags: project.tags ?? [],
      notes: project.notes || undefined,
      team: await teamOf(project, view),
      ...parts,
    };
  },
};

async function running(view: View): Promise<readonly Project[]> {
  const projects = await allProjects(view);
  return projects.filter(({ active }) => active === 1).sort((a, b) => a.name.localeCompare(b.name));
}

async function clientNames(view: View): Promise<ReadonlyMap<number, string>> {
  const clients = await view.api.listAll('clients', {}, view);
  return new Map(clients.map(({ client_id: id, name }) => [id, name]));
}

function rowOf(project: Project, clients: ReadonlyMap<number, string>): object {
  const { project_id: id, name, project_code: code, client_id: client, status } = project;
  return {
    id,
    name,
    uri: projectUri(id),
    code: code || undefined,
    client: clients.get(client ?? 0),
    status: (PROJECT_STATUSES as Readonly<Record<number, string>>)[status],
    starts: project.start_date ?? undefined,
    ends: project.end_date ?? undefined,
  };
}

function budgetOf({ budget_type: type, budget_priority: priority, budget_total: total }: Project): object {
  return {
    kind: (BUDGET_TYPES as Readonly<Record<number, string>>)[type],
    set: (BUDGET_PRIORITIES as Readonly<Record<number, string>>)[priority],
    // Float returns money as text; null if no budget is set on the project.
    total: total === null || total === undefined ? undefined : Number(total),
  };
}

async function teamOf({ project_team: team }: Project, view: View): Promise<object[]> {
  const names = new Map((await allPeople(view)).map(({ people_id: id, name }) => [id, name]));
  const ids = [...new Set((team ?? []).map(({ people_id: id }) => id))];
  return ids.map((id) => ({ id, name: names.get(id), uri: personUri(id) }));
}

async function partsOf(project: number, view: View): Promise<object> {
  const [phases, milestones] = await Promise.all([
    view.api.listAll('phases', {}, view),
    view.api.listAll('milestones', { project_id: project }, view),
  ]);
  return {
    phases: phases
      .filter((phase) => phase.project_id === project)
      .map((phase) => ({ id: phase.phase_id, name: phase.name, starts: phase.start_date, ends: phase.end_date })),
    milestones: milestones.map(({ milestone_id: id, name, date }) => ({ id, name, date })),
  };
}
