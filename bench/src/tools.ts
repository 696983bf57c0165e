import * as z from 'zod';

/** One tool as every server of the benchmark offers it, and the calls the load makes to it. */
export interface BenchTool {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject;
  /** The text of the result. The load calls it too, to compute the expected answers. */
  run(args: Record<string, unknown>): string;
  /** Arguments of the call with this number, different for each call. */
  argumentsOf(call: number): Record<string, unknown>;
}

interface Definition<S extends z.ZodRawShape> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject<S>;
  run(args: z.output<z.ZodObject<S>>): string;
  argumentsOf(call: number): z.input<z.ZodObject<S>>;
}

function define<S extends z.ZodRawShape>(definition: Definition<S>): BenchTool {
  return definition as unknown as BenchTool;
}

const THINGS = (
  'order customer invoice shipment product supplier warehouse carrier contract payment refund voucher ' +
  'basket address pallet label route driver vehicle depot claim survey campaign ticket account'
).split(' ');

/** Number of tools of a server in most rows. */
export const USUAL_TOOLS = 20;

/** Number of tools of a large server. */
export const MOST_TOOLS = THINGS.length * 4;

/** Four tools for each thing: from one string to nested objects in a list. */
const ALL: readonly BenchTool[] = THINGS.flatMap((thing) => [find(thing), list(thing), update(thing), quote(thing)]);

/** The first tools, up to `MOST_TOOLS` of them. */
export function toolsOf(count: number): readonly BenchTool[] {
  if (count > ALL.length) throw new Error(`there are ${ALL.length} tools, not ${count}`);
  return ALL.slice(0, count);
}

function find(thing: string): BenchTool {
  return define({
    name: `find-${thing}`,
    description: `Find one ${thing} by its number.`,
    input: z.object({ number: z.string().min(1).max(40).describe(`The number of the ${thing}`) }),
    run: ({ number }) => `${thing} ${number}: open, last changed on 2026-03-02 by the warehouse in Leiden`,
    argumentsOf: (call) => ({ number: `${thing}-${call}` }),
  });
}

function list(thing: string): BenchTool {
  return define({
    name: `list-${thing}s`,
    description: `List ${thing}s, newest first.`,
    input: z.object({
      state: z.enum(['open', 'paid', 'closed']).describe('Only those in this state'),
      page: z.int().min(1).describe('The page, from 1'),
      size: z.int().min(1).max(200).describe('How many per page'),
    }),
    run: ({ state, page, size }) => `Page ${page} of the ${thing}s that are ${state}, ${size} per page: none`,
    argumentsOf: (call) => ({ state: 'open' as const, page: call, size: 50 }),
  });
}

function update(thing: string): BenchTool {
  return define({
    name: `update-${thing}`,
    description: `Change one ${thing}.`,
    input: z.object({
      number: z.string().describe(`The number of the ${thing}`),
      urgent: z.boolean().describe('Whether it goes first'),
      note: z.string().max(500).optional().describe('Why it was changed'),
      labels: z.array(z.string().max(40)).max(20).describe('All labels it is to have'),
    }),
    run: ({ number, urgent, note, labels }) =>
      `${thing} ${number} is ${urgent ? 'urgent' : 'not urgent'}, labelled ${labels.join(' and ')}: ${note ?? 'no note'}`,
    argumentsOf: (call) => ({ number: String(call), urgent: true, note: 'asked by phone', labels: ['new', 'north'] }),
  });
}

function quote(thing: string): BenchTool {
  return define({
    name: `quote-${thing}`,
    description: `Work out what a ${thing} costs.`,
    input: z.object({
      reference: z.string().describe('What the quote is called'),
      address: z.object({ street: z.string(), city: z.string(), country: z.string().length(2) }),
      lines: z
        .array(z.object({ item: z.string(), amount: z.int().positive(), cents: z.int().nonnegative() }))
        .min(1)
        .max(100),
    }),
    run: ({ reference, address, lines }) =>
      `Quote ${reference} to ${address.city}: ${lines.reduce((sum, { amount, cents }) => sum + amount * cents, 0)} cents`,
    argumentsOf: (call) => ({
      reference: `${thing}-${call}`,
      address: { street: 'Nieuwe Rijn 12', city: 'Leiden', country: 'NL' },
      lines: [
        { item: 'lamp', amount: 2, cents: 1_999 },
        { item: 'cable', amount: 3, cents: 250 },
      ],
    }),
  });
}
