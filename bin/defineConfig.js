/**
 * Identity function that gives `bench.config.ts` its types: what `import { defineConfig } from 'pushbench'` finds.
 * Plain JavaScript, so that it loads from a checkout without a build and from node_modules alike.
 * @type {typeof import('../contract/config.ts').defineConfig}
 */
export function defineConfig(config) {
  return config;
}

/**
 * Identity function that gives a driver of your own its types: docs/adapters/README.md.
 * @type {typeof import('../contract/customDriver.ts').defineDriver}
 */
export function defineDriver(driver) {
  return driver;
}
