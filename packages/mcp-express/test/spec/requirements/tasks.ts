import { MODERN, pageAt, TASKS_PAGE } from '../requirement.js';

const { must, mustNot, should } = pageAt(TASKS_PAGE);

const CAPABILITY = 'capability-negotiation';
const TYPES = 'polymorphic-results';
const POLLING = 'task-polling';
const UPDATES = 'task-update-requests';
const CANCELLATION = 'task-cancellation';
const TOLD = 'task-status-notifications';
const PROTOCOL_ERRORS = 'protocol-errors';
const EXECUTION_ERRORS = 'task-execution-errors';
const SECURITY = 'security-implications';

export const TASKS = [
  mustNot(
    'tasks.undeclared-none',
    MODERN,
    CAPABILITY,
    'Who does not declare tasks gets none, whatever it declared before.',
  ),
  must('tasks.required', MODERN, CAPABILITY, 'Who cannot be served without one gets -32021, naming the extension.'),
  must('tasks.result-type', MODERN, TYPES, 'The answer that makes a task is of the type "task".'),
  mustNot('tasks.result-type-only', MODERN, TYPES, 'No other is.'),
  mustNot('tasks.failed-only-protocol', MODERN, 'task-status', 'A task fails only by an error of JSON-RPC.'),
  mustNot('tasks.durable', MODERN, 'task-creation', 'A task is told of when it can be looked at, not before.'),
  must('tasks.consistent', MODERN, 'task-creation', 'A store that takes its time is waited for.'),
  should('tasks.rounds-first', MODERN, 'task-creation', 'What is asked before a task is asked in rounds.'),
  must('tasks.get-working', MODERN, POLLING, 'A task that runs is shown as working.'),
  must('tasks.get-input-required', MODERN, POLLING, 'One that asks is shown so, with what it asks.'),
  must('tasks.get-all-questions', MODERN, POLLING, 'That is all it asks and has no answer to.'),
  must('tasks.get-completed', MODERN, POLLING, 'One that is done is shown with its result.'),
  must('tasks.get-cancelled', MODERN, POLLING, 'One that was cancelled is shown so.'),
  must('tasks.get-failed', MODERN, POLLING, 'One that failed is shown with its error.'),
  must('tasks.get-result-type', MODERN, POLLING, 'To look at it is of the type "complete".'),
  must('tasks.keys-unique', MODERN, UPDATES, 'No two questions of a task have one key.'),
  mustNot('tasks.keys-not-reused', MODERN, UPDATES, 'A key that was answered names no other question.'),
  must('tasks.update-acknowledged', MODERN, UPDATES, 'Answers are acknowledged by an empty result.'),
  should('tasks.update-unknown', MODERN, UPDATES, 'Those to a task that is not there are an error.'),
  should('tasks.update-ignored', MODERN, UPDATES, 'Those to what is not asked are ignored.'),
  must('tasks.update-result-type', MODERN, UPDATES, 'The acknowledgement is of the type "complete".'),
  mustNot('tasks.no-cancelled-notification', MODERN, CANCELLATION, 'A task is not cancelled by a notification.'),
  must('tasks.cancel-acknowledged', MODERN, CANCELLATION, 'A cancellation is acknowledged by an empty result.'),
  should('tasks.cancel-unknown', MODERN, CANCELLATION, 'That of a task that is not there is an error.'),
  must('tasks.cancel-result-type', MODERN, CANCELLATION, 'The acknowledgement is of the type "complete".'),
  must('tasks.listen-undeclared', MODERN, TOLD, 'Who listens to tasks without declaring them gets -32021.'),
  mustNot('tasks.no-progress', MODERN, TOLD, 'No progress and no log of a task is told to who listens.'),
  must('tasks.get-unknown', MODERN, PROTOCOL_ERRORS, 'A task that is not there is -32602.'),
  must('tasks.internal-error', MODERN, PROTOCOL_ERRORS, 'A failure of ours is -32603.'),
  must(
    'tasks.methods-undeclared',
    MODERN,
    PROTOCOL_ERRORS,
    'Who does not declare tasks gets -32021 for every such request.',
  ),
  should('tasks.informative', MODERN, PROTOCOL_ERRORS, 'An error says what is wrong.'),
  should('tasks.failed-message', MODERN, EXECUTION_ERRORS, 'A failed task says why in words.'),
  must('tasks.failed-error', MODERN, EXECUTION_ERRORS, 'It has the error.'),
  must('tasks.tool-errors-completed', MODERN, EXECUTION_ERRORS, 'A tool that failed has completed its task.'),
  must('tasks.result-kept', MODERN, EXECUTION_ERRORS, 'The result of a task is what the request would have had.'),
  mustNot('tasks.no-earlier-revision', MODERN, 'backward-compatibility', 'In sessions the extension means nothing.'),
  must('tasks.earlier-capability', MODERN, 'backward-compatibility', 'The tasks of 2025-11-25 are not these.'),
  must('tasks.ids-unguessable', MODERN, SECURITY, 'The id of a task cannot be guessed.'),
  must('tasks.access-control', MODERN, SECURITY, 'Each request about a task is checked for who may see it.'),
];
