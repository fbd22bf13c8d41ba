import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/support/property-seed.ts'],
    // A shared machine can stall any test that waits for a process; a defect fails every time.
    retry: process.env['CI'] === undefined ? 0 : 2,
    testTimeout: 30_000,
    hookTimeout: 120_000,
  },
});
