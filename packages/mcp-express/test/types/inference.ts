/** What handlers are told of their arguments, checked by the compiler: a wrong type is an error in this file. */

import { type } from 'arktype';
import { type HandlerContext, McpServer, ResourceTemplate } from 'mcp-express';
import * as v from 'valibot';
import { z } from 'zod';
import { z as z3 } from 'zod3';

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
function exactly<Expected>() {
  return <Actual>(_value: Actual, ..._same: Equal<Actual, Expected> extends true ? [] : ['the types differ']): string =>
    '';
}

const mcp = new McpServer({ name: 'types', version: '1' });

mcp.registerTool('none', {}, (ctx) => exactly<HandlerContext>()(ctx));
mcp.registerTool('zod', { inputSchema: z.object({ a: z.string(), b: z.number().optional() }) }, (args) =>
  exactly<{ a: string; b?: number | undefined }>()(args),
);
mcp.registerTool('zod3', { inputSchema: z3.object({ a: z3.string() }) }, ({ a }) => exactly<string>()(a));
mcp.registerTool('valibot', { inputSchema: v.object({ a: v.string() }) }, ({ a }) => exactly<string>()(a));
mcp.registerTool('arktype', { inputSchema: type({ a: 'string' }) }, ({ a }) => exactly<string>()(a));
mcp.registerTool(
  'shape',
  { inputSchema: { a: z.string(), b: z.number().default(1), c: z.string().optional() } },
  (args) => {
    exactly<string>()(args.a);
    exactly<number>()(args.b);
    return exactly<string | undefined>()(args.c);
  },
);
mcp.registerTool('json', { inputSchema: { type: 'object', properties: { a: { type: 'string' } } } }, (args) =>
  exactly<Record<string, unknown>>()(args),
);
mcp.registerTool('structured', { outputSchema: z.object({ total: z.number() }) }, () => ({ total: 1 }));
// @ts-expect-error a structured value must be what the output schema says
mcp.registerTool('wrong', { outputSchema: z.object({ total: z.number() }) }, () => ({ total: 'one' }));
// @ts-expect-error a tool without output schema returns a result or a string
mcp.registerTool('number', {}, () => 1);

mcp.registerPrompt('prompt', { argsSchema: { topic: z.string() } }, ({ topic }) => exactly<string>()(topic));
mcp.registerResource('fixed', 'test://fixed', {}, (uri) => exactly<URL>()(uri));
mcp.registerResource('family', new ResourceTemplate('test://{id}'), {}, (_uri, { id }) =>
  exactly<string | string[] | undefined>()(id),
);
