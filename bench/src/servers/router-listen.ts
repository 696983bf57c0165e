import { announce } from './announce.js';
import { ourApp } from './our-app.js';

await announce(ourApp().listen(0, '127.0.0.1'));
