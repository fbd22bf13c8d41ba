/**
 * Properties are tried with the same cases in every run, so that a run says something about the change that is
 * tested; `npm run test:law` looks for new ones each time.
 */
import * as fc from 'fast-check';

if (process.env['LAW_FACTOR'] === undefined) fc.configureGlobal({ seed: 20_261_125 });
