/** Preloaded into a process whose clock must be wrong: ahead by `CLOCK_AHEAD_MS`. */
const ahead = Number(process.env.CLOCK_AHEAD_MS);
const Real = Date;

globalThis.Date = class extends Real {
  constructor(...given) {
    super(...(given.length === 0 ? [Real.now() + ahead] : given));
  }

  static now() {
    return Real.now() + ahead;
  }
};
