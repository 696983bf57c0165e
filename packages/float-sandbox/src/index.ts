/** The Float API v3 on an embedded database. */
export {
  createSandbox,
  type Fault,
  type Faults,
  FORMS,
  type Form,
  type InvalidShape,
  type ListeningServer,
  type Sandbox,
  type SandboxOptions,
  type Settings,
} from './sandbox.js';
