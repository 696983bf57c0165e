import { serve } from 'mcp-express';
import { announce } from '../announce.js';
import { bareApp } from './express-app.js';
import { writeToAll } from './streams.js';

const { server } = await serve(bareApp(), { port: 0 });
await announce(server, writeToAll);
