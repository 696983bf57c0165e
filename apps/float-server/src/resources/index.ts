import {
  type HandlerContext,
  type McpServer,
  type Principal,
  ResourceTemplate,
  type SubscriptionHooks,
} from 'mcp-express';
import { ToolProblem } from '../tools/problem.js';
import { MAX_NAME_CHARS } from '../tools/shared-arguments.js';
import { ABOUT_TEXTS, visibleJson } from '../untrusted-text.js';
import { peopleResource, personResource } from './people.js';
import { projectResource, projectsResource } from './projects.js';
import { withProtocolErrors } from './protocol-errors.js';
import type { FloatResource, Variables } from './resource.js';
import { personWeekResource, teamWeekResource } from './schedule.js';
import type { View } from './view.js';

/** All resources. The first template that matches a URI is read. */
export const RESOURCES: readonly FloatResource[] = [
  peopleResource,
  personResource,
  personWeekResource,
  projectsResource,
  projectResource,
  teamWeekResource,
];

const JSON_TYPE = 'application/json';

/** Dependencies of the resources. */
export interface ResourceDeps {
  /** The account of a principal. */
  readonly viewOf: (principal: Principal | undefined) => View;
  /** Called with every content that a client read. */
  readonly onRead?: (uri: string, body: string, principal: Principal | undefined) => void;
  /** Called when subscriptions to any resource begin and end. @default none */
  readonly subscriptions?: SubscriptionHooks | undefined;
}

const compiled = RESOURCES.map((resource) => ({ resource, template: new ResourceTemplate(resource.template) }));

/** A resource and the values of its template's variables. */
export interface Located {
  readonly resource: FloatResource;
  readonly variables: Variables;
}

/** Finds the resource and the variables of a URI. */
export function locate(uri: string): Located | undefined {
  for (const { resource, template } of compiled) {
    const variables = template.uriTemplate.match(uri);
    if (variables !== undefined) return { resource, variables: single(variables) };
  }
  return undefined;
}

/** Reads the content of a resource as JSON text. */
export async function bodyOf({ resource, variables }: Located, view: View): Promise<string> {
  for (const [name, value] of Object.entries(variables)) {
    // A URI may be as long as a request allows, but a name may not.
    if (value === undefined || value.length <= MAX_NAME_CHARS) continue;
    throw new ToolProblem('bad-argument', `"${name}" has more than ${MAX_NAME_CHARS} characters.`);
  }
  return visibleJson({ ...(await resource.body(variables, view)), about: ABOUT_TEXTS });
}

/** Registers all resources. */
export function registerResources(mcp: McpServer, { viewOf, onRead, subscriptions }: ResourceDeps): void {
  const view = ({ principal, signal }: HandlerContext): View => ({ ...viewOf(principal), signal });
  for (const resource of RESOURCES) {
    const { name, title, description, listed, suggest } = resource;
    const complete = Object.fromEntries(
      Object.entries(suggest).map(([variable, values]) => [
        variable,
        (typed: string, _known: unknown, ctx: HandlerContext) =>
          withProtocolErrors(async () => (typed.length > MAX_NAME_CHARS ? [] : values(typed, view(ctx)))),
      ]),
    );
    const template = new ResourceTemplate(resource.template, {
      complete,
      list: () => ({ resources: listed.map((one) => ({ ...one, description, mimeType: JSON_TYPE })) }),
    });
    const about = { title, description, mimeType: JSON_TYPE, ...subscriptions };
    mcp.registerResource(name, template, about, async (uri, variables, ctx) => {
      const body = await withProtocolErrors(() => bodyOf({ resource, variables: single(variables) }, view(ctx)));
      onRead?.(uri.href, body, ctx.principal);
      return body;
    });
  }
}

/** Reduces variables to single values: no template here has a list. */
function single(variables: Readonly<Record<string, string | string[]>>): Variables {
  return Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  );
}
