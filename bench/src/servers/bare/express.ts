import { announce } from '../announce.js';
import { bareApp } from './express-app.js';
import { writeToAll } from './streams.js';

await announce(bareApp().listen(0, '127.0.0.1'), writeToAll);
