import { type HandlerContext, type McpServer, type Principal, ResourceTemplate } from 'mcp-express';
import { ABOUT_TEXTS, visibleJson } from '../foreign-text.js';
import { ToolProblem } from '../tools/problem.js';
import { LONGEST_NAME } from '../tools/shared-arguments.js';
import { peopleResource, personResource } from './people.js';
import { explained } from './problem.js';
import { projectResource, projectsResource } from './projects.js';
import type { FloatResource, Variables } from './resource.js';
import { personWeekResource, teamWeekResource } from './schedule.js';
import type { View } from './view.js';

/** Every resource, in the order in which templates are tried: the first that fits is read. */
export const RESOURCES: readonly FloatResource[] = [
  peopleResource,
  personResource,
  personWeekResource,
  projectsResource,
  projectResource,
  teamWeekResource,
];

const JSON_TYPE = 'application/json';

export interface ResourceDeps {
  /** The account of whoever asks. */
  readonly viewOf: (principal: Principal | undefined) => View;
  /** Told of every body that a client was given. */
  readonly onRead?: (uri: string, body: string, principal: Principal | undefined) => void;
}

const compiled = RESOURCES.map((resource) => ({ resource, template: new ResourceTemplate(resource.template) }));

export interface Located {
  readonly resource: FloatResource;
  readonly variables: Variables;
}

/** The resource a URI is of, and what stands in the places of its variables. */
export function locate(uri: string): Located | undefined {
  for (const { resource, template } of compiled) {
    const variables = template.uriTemplate.match(uri);
    if (variables !== undefined) return { resource, variables: single(variables) };
  }
  return undefined;
}

/** What a client reads at this address: JSON text. */
export async function bodyOf({ resource, variables }: Located, view: View): Promise<string> {
  for (const [name, value] of Object.entries(variables)) {
    // An address may be as long as a request; a name is not.
    if (value === undefined || value.length <= LONGEST_NAME) continue;
    throw new ToolProblem('bad-argument', `"${name}" has more than ${LONGEST_NAME} characters.`);
  }
  return visibleJson({ ...(await resource.body(variables, view)), about: ABOUT_TEXTS });
}

export function registerResources(mcp: McpServer, { viewOf, onRead }: ResourceDeps): void {
  const view = ({ principal, signal }: HandlerContext): View => ({ ...viewOf(principal), signal });
  for (const resource of RESOURCES) {
    const { name, title, description, listed, suggest } = resource;
    const complete = Object.fromEntries(
      Object.entries(suggest).map(([variable, values]) => [
        variable,
        (typed: string, _known: unknown, ctx: HandlerContext) =>
          explained(async () => (typed.length > LONGEST_NAME ? [] : values(typed, view(ctx)))),
      ]),
    );
    const template = new ResourceTemplate(resource.template, {
      complete,
      list: () => ({ resources: listed.map((one) => ({ ...one, description, mimeType: JSON_TYPE })) }),
    });
    mcp.registerResource(name, template, { title, description, mimeType: JSON_TYPE }, async (uri, variables, ctx) => {
      const body = await explained(() => bodyOf({ resource, variables: single(variables) }, view(ctx)));
      onRead?.(uri.href, body, ctx.principal);
      return body;
    });
  }
}

/** No template here has a list in it. */
function single(variables: Readonly<Record<string, string | string[]>>): Variables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
