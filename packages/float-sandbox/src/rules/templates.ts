/**
 * POST /projects/from-template. Float documents neither its body nor its response; this is inferred from its
 * description.
 */
import { recordNotFound } from '../api-error.js';
import type { Row } from '../store/store.js';
import type { World } from '../world.js';
import { type CreateRecord, recordIdOf } from './rules.js';

/** Creates a project with the settings and tasks of a template. */
export function projectFromTemplate(world: World, body: Row, create: CreateRecord): Row {
  const id = recordIdOf(body['template_id']);
  const template = world.store.find('project-templates', id);
  if (template === undefined) throw recordNotFound(id);
  const { template_id: _, task_names, name: __, ...settings } = template;
  const project = create('projects', {
    ...settings,
    name: body['name'],
    client_id: body['client_id'] ?? null,
    start_date: body['start_date'] ?? null,
  });
  for (const task_name of Array.isArray(task_names) ? task_names : []) {
    create('project-tasks', { project_id: project['project_id'], task_name });
  }
  return project;
}
