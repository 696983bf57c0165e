import { x } from 'mcp-express';

export const y: number = x;
