import { isObject, MAX_LENGTH, type Params } from '../../protocol/json-rpc.js';
import { cursorOf, invalidParams, objectParam, textParam } from '../../request/method.js';

/** A request whose params middleware will see. */
interface Request {
  readonly method: string;
  readonly params?: Params | undefined;
}

/** The checks on which the types of the params rely. The method itself checks all params again. */
const CHECKS: Readonly<Record<string, (request: Request) => unknown>> = {
  'tools/list': cursorOf,
  'resources/list': cursorOf,
  'resources/templates/list': cursorOf,
  'prompts/list': cursorOf,
  'tools/call': assertNamed,
  'prompts/get': assertNamed,
  'resources/read': (request) => textParam(request, 'uri', MAX_LENGTH.uri),
  'completion/complete': assertCompletion,
};

/** @throws McpError `invalid-params` when a param that its method requires is missing or has another type */
export function assertParams(request: Request): void {
  if (Object.hasOwn(CHECKS, request.method)) CHECKS[request.method]?.(request);
}

function assertNamed(request: Request): void {
  textParam(request, 'name');
  objectParam(request, 'arguments');
}

function assertCompletion({ params }: Request): void {
  const argument = params?.['argument'];
  if (!isObject(params?.['ref'])) throw invalidParams('"ref" of completion/complete must be an object');
  if (isObject(argument) && typeof argument['name'] === 'string' && typeof argument['value'] === 'string') return;
  throw invalidParams('"argument" must have a string "name" and a string "value"');
}
