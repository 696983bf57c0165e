/** For tests of workspaces that have no parser of their own. */
export { parseAllDocuments } from 'yaml';
