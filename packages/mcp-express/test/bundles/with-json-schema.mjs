import { main } from './app.mjs';

void main();
