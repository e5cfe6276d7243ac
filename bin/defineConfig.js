/**
 * Identity function that gives `bench.config.ts` its types: what `import { defineConfig } from 'pushbench'` finds.
 * Plain JavaScript, so that it loads from a checkout without a build and from node_modules alike.
 * @type {typeof import('../contract/config.ts').defineConfig}
 */
export function defineConfig(config) {
  return config;
}
