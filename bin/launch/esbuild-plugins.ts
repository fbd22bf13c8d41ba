/** What the build of the command line does besides bundling, as plugins of esbuild. */
import { readFile } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'esbuild';

/** Namespace of modules that are no files; their names in esbuild's list of inputs begin with it. */
export const BUILTIN = 'builtin';

/**
 * An ES module that imports one of Node's modules evaluates every lazy property of it: `node:http` alone so loads
 * Node's own copy of undici, 40 ms that no request needs. A CommonJS module in between reads only what is used.
 */
export function builtinsAsNeeded(): Plugin {
  const names = new Set(builtinModules.filter((name) => !name.startsWith('_')));
  return {
    name: 'builtins-as-needed',
    setup(build) {
      build.onResolve({ filter: /^(?:node:)?[a-z][a-z0-9_/]*$/ }, ({ path }) => {
        const name = path.replace(/^node:/, '');
        return names.has(name) || names.has(`node:${name}`) ? { path: name, namespace: BUILTIN } : undefined;
      });
      build.onLoad({ filter: /.*/, namespace: BUILTIN }, ({ path }) => ({
        contents: `module.exports = process.getBuiltinModule('node:${path}');`,
      }));
    },
  };
}

/**
 * Modules look beside their source for what is no module, e.g. templates: `import.meta.dirname` stays the source's
 * folder. `import.meta.url` is that of the running file, as everywhere.
 */
export function placesOfSources(root: string): Plugin {
  const modules = join(root, 'node_modules');
  return {
    name: 'places-of-sources',
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, 'utf8');
        if (path.startsWith(modules) || !text.includes('import.meta.dirname')) return undefined;
        const contents = text.replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
        return { contents, loader: 'ts' };
      });
    },
  };
}
