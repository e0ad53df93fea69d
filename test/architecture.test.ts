import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

/** What each folder may import of ours, beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'src/core': [],
  'src/stream': ['src/core'],
  'src/quality': ['src/core'],
  'src/metrics': ['src/core'],
  'src/tracing': ['src/core'],
  'src/profiles': ['src/core'],
  'src/state': ['src/core'],
  'src/learning': ['src/core'],
  'src/models': ['src/core'],
  'src/workers': ['src/core', 'src/access', 'src/cache', 'src/metrics', 'src/state', 'src/state-shared', 'src'],
  'src/access': ['src/core', 'src/state'],
  'src/dialects': ['src/core', 'src/stream'],
  'src/policy': ['src/core'],
  'src/execution': ['src/core', 'src/stream', 'src/quality'],
  'src/providers': ['src/core', 'src/stream'],
  'src/cache': ['src/core', 'src/stream'],
  'src/state-shared': ['src/core', 'src/cache', 'src/state', 'src/access'],
  'src/privacy': ['src/core', 'src/stream'],
  'src/jobs': ['src/core', 'src/state', 'src/stream', 'src/gateway.ts'],
  'src/mcp': ['src/core', 'src/stream', 'src/gateway.ts'],
  'src/cli': ['src/workers', 'src/access', 'src/state', 'src', 'src/stream', 'src/models', 'src/mcp', 'src/core'],
  src: ['*'],
  plugins: ['src', 'src/access', 'src/state-shared', 'src/core', 'src/dialects', 'src/stream', 'src/policy'],
  routes: ['src/core', 'src/dialects', 'src/mcp', 'src/stream'],
};

/** Fastify belongs to the shell. */
const SHELL = /^(plugins|routes)\/|^src\/(app|server)\.ts$/;
/** Time, chance and environment are arguments everywhere but where the process begins. */
const EDGE = /^src\/(server|config|compose[a-z-]*)\.ts$|^src\/cli\//;

const files = ['src', 'plugins', 'routes'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

const folderOf = (file: string): string => {
  const [top, second, ...rest] = file.split('/');
  return top === 'src' && rest.length > 0 ? `src/${second}` : (top ?? '');
};

const code = (file: string): string => readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

const importsOf = (file: string): string[] => [...code(file).matchAll(/(?:from|import)\s*\(?'([^']+)'/g)].map((match) => match[1] ?? '');

describe('architecture', () => {
  it.each(files)('%s imports only what its folder may', (file) => {
    const folder = folderOf(file);
    const allowed = MAY_IMPORT[folder];
    expect(allowed, `folder ${folder} has no row in the import table`).toBeDefined();
    const foreign = importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => relative(ROOT, resolve(ROOT, dirname(file), name)))
      .filter((target) => {
        const home = folderOf(target);
        return home !== folder && !allowed?.some((entry) => entry === '*' || target === entry || home === entry);
      });
    expect(foreign).toEqual([]);
  });

  it('keeps the web framework in the shell', () => {
    const leaks = files.filter((file) => !SHELL.test(file) && importsOf(file).some((name) => /^(fastify|@fastify\/|fastify-plugin)/.test(name)));
    expect(leaks).toEqual([]);
  });

  it('takes time, chance, environment and output as arguments', () => {
    const leaks = files.filter(
      (file) => file.startsWith('src/') && !EDGE.test(file) && /process\.env\b|Date\.now\(|Math\.random\b|\bconsole\./.test(code(file)),
    );
    expect(leaks).toEqual([]);
  });

  it('has no mutable state at the top of a module', () => {
    expect(files.filter((file) => /^(export )?(let|var) /m.test(code(file)))).toEqual([]);
  });

  it('lets one dialect never import another, save the shared OpenAI shapes of its own family', () => {
    const leaks = files
      .filter((file) => file.startsWith('src/dialects/'))
      .flatMap((file) => {
        const own = file.split('/')[2] ?? '';
        return importsOf(file)
          .filter(
            (name) => name.startsWith('../') && /^\.\.\/(openai|ollama|anthropic)\//.test(name) && !name.startsWith(`../${own}/`) && own !== 'orchestrator',
          )
          .map((name) => `${file} -> ${name}`);
      });
    expect(leaks).toEqual([]);
  });
});
