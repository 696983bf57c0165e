import { type CreateOf, FloatApiError, type UpdateOf } from 'float-api';
import * as z from 'zod';
import type { ToolCall } from '../tool.js';
import { type Edit, originalFields } from './hand-over-edits.js';

/** Output schema of a write that reverts another. */
export const UNDO = z.object({
  action: z.enum(['create', 'update', 'delete']),
  allocation_id: z.number().optional(),
  fields: z.record(z.string(), z.unknown()).describe("by Float's names"),
});
/** A write that reverts another. */
export type Undo = z.output<typeof UNDO>;

/** The result of a series of writes. */
export interface AppliedEdits {
  /** Writes that revert those made, the last one first. */
  readonly undo: Undo[];
  /** The error that stopped the series. */
  readonly error: FloatApiError | undefined;
}

/** Makes the writes sequentially; their order keeps work from being lost. */
export async function applyEdits(edits: readonly Edit[], call: ToolCall): Promise<AppliedEdits> {
  const undo: Undo[] = [];
  for (const [index, edit] of edits.entries()) {
    try {
      undo.unshift(await apply(edit, call));
    } catch (error) {
      if (error instanceof FloatApiError) return { undo, error };
      throw error;
    }
    await call.progress(index + 1, edits.length, `${edit.action} done`);
  }
  return { undo, error: undefined };
}

async function apply({ action, allocation, fields }: Edit, call: ToolCall): Promise<Undo> {
  const { task_id: id } = allocation;
  if (action === 'create') {
    const made = await call.api.create('allocations', fields as unknown as CreateOf<'allocations'>, call);
    return { action: 'delete', allocation_id: made.task_id, fields: {} };
  }
  if (action === 'update') {
    await call.api.update('allocations', id, fields as UpdateOf<'allocations'>, call);
    return { action: 'update', allocation_id: id, fields: { ...originalFields(allocation) } };
  }
  await call.api.delete('allocations', id, call);
  return { action: 'create', fields: { ...originalFields(allocation) } };
}
