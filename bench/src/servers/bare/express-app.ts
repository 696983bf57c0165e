import express, { type Express } from 'express';
import { answerBare } from './answer.js';
import { openStream } from './streams.js';

/** An Express application that answers calls and streams without MCP. */
export function bareApp(): Express {
  const app = express();
  app.post('/mcp', answerBare);
  app.get('/mcp', openStream);
  return app;
}
