import type { InputRequired } from '../../ground/client-requests.js';
import type { McpError } from '../../ground/errors.js';
import type { Outcome } from '../../ground/observe.js';
import type { CallRequest, Notifier } from '../../server/call-scope.js';
import type { ResultWriter } from '../../server/result-writer.js';
import type { Call } from './call.js';
import type { Questions } from './questions.js';
import type { Reply } from './reply.js';

/** How a call came to its end, for those who watch. */
export interface Ending {
  readonly outcome: Outcome;
  readonly error?: McpError;
  readonly cause?: unknown;
}

/** How a call is answered. */
export interface CallManner {
  readonly reply: Reply;
  /** Which of the answers that the reply owes it gives. @default 0 */
  readonly place?: number;
  /** The shape of its results. */
  readonly writer: ResultWriter;
}

/** What calls need from their node, and who keeps the list of them. */
export interface CallHost {
  readonly notifier: Notifier;
  /** The HTTP request of a call, as its handler may see it. */
  requestOf(call: Call): CallRequest;
  /** Made when the handler asks its first question. */
  questionsOf(call: Call): Questions;
  /** The result of a round that ends with questions, as JSON text. */
  writeRequired(call: Call, required: InputRequired): string;
  ended(call: Call, ending: Ending): void;
  failed(call: Call, cause: unknown): void;
  /** Its handler returned a result while a question to the client was open. */
  unawaited(call: Call): void;
  /** The handler waits for what will never come: it is not waited for. */
  left(call: Call): void;
  dropped(call: Call, method: string): void;
}
