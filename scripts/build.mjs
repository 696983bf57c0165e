import { ensureBuilt, ensureInstalled } from './setup.mjs';

// Folders of the workspace; the package by itself when none is named.
const folders = process.argv.slice(2);

await ensureInstalled();
await ensureBuilt(...(folders.length > 0 ? folders : ['packages/mcp-express']));
