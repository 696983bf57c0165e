/** Express 4 under a name of its own. The types of Express 5 describe what the tests use of it. */
declare module 'express4' {
  import express from 'express';
  export default express;
}
