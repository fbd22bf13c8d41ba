/** Types of the one part of undici that is loaded: its whole costs a cold start several times as much. */
declare module 'undici/lib/dispatcher/pool.js' {
  import type { Pool } from 'undici';

  const PoolConstructor: typeof Pool;
  export default PoolConstructor;
}
