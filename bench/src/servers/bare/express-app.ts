import express, { type Express } from 'express';
import { answerBare } from './answer.js';
import { openStream } from './streams.js';

export function bareApp(): Express {
  const app = express();
  app.post('/mcp', answerBare);
  app.get('/mcp', openStream);
  return app;
}
