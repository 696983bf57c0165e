import { isObject } from '../ground/json-rpc.js';
import type { CallToolResult } from '../ground/mcp.js';
import { type CompiledSchema, faultsText } from './compiled-schema.js';
import { contentFault, firstFault } from './content.js';

/**
 * What a tool's handler returned, as the JSON text of a result. A handler that returns what the protocol does not allow
 * has failed: the model is told so, rather than the client being sent what it cannot read.
 */
export async function resultTextOf(
  name: string,
  returned: unknown,
  output: CompiledSchema | undefined,
): Promise<string> {
  const result = resultOf(returned, output);
  if (result === undefined) {
    return failureText(`Tool "${name}" returned nothing that can be sent: return a result with "content", or a string`);
  }
  const fault = firstFault(result.content ?? [], contentFault);
  if (fault !== undefined) return failureText(`Tool "${name}" returned content that cannot be sent: ${fault}`);
  if (output === undefined || result.isError === true) return textOf(name, result);
  const checked = await output.check(result.structuredContent);
  if ('value' in checked) return textOf(name, { ...result, structuredContent: checked.value });
  const faults = faultsText(checked.faults);
  return failureText(`Tool "${name}" returned a value that its own output schema does not allow: ${faults}`);
}

/** A result on its way; the content of a structured value is made of what the schema made of the value. */
type Draft = Omit<CallToolResult, 'content' | 'structuredContent'> & {
  readonly content?: readonly unknown[];
  readonly structuredContent?: unknown;
};

function textOf(name: string, { content, structuredContent, ...rest }: Draft): string {
  // "a tool that returns structured content SHOULD also return the serialized JSON in a TextContent block".
  const shown = content ?? [{ type: 'text', text: JSON.stringify(structuredContent) }];
  const text = JSON.stringify({ content: shown, structuredContent, ...rest });
  return text ?? failureText(`Tool "${name}" returned nothing that can be written as JSON`);
}

function resultOf(returned: unknown, output: CompiledSchema | undefined): Draft | undefined {
  if (typeof returned === 'string') return { content: [{ type: 'text', text: returned }] };
  if (!isObject(returned) || 'toJSON' in returned) return undefined;
  if (Array.isArray(returned['content'])) return returned;
  return output === undefined ? undefined : { structuredContent: returned };
}

/** A failure the model should see, and may mend by calling again, as the JSON text of a result. */
export function failureText(text: string): string {
  return JSON.stringify({ content: [{ type: 'text', text }], isError: true });
}

/** What a thrown thing says about itself. Never throws, whatever was thrown. */
export function messageOf(thrown: unknown): string {
  try {
    const message = isObject(thrown) && 'message' in thrown ? thrown['message'] : thrown;
    if (message !== undefined && message !== '') return String(message);
  } catch {
    // It does not say.
  }
  return 'The tool failed without saying why';
}
