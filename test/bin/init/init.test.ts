import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { check, resolveConfig } from 'prettier';
import { describe, expect, it } from 'vitest';
import { initCommand } from '../../../bin/commands/init.ts';
import { policyTestCommand } from '../../../bin/commands/policy-test.ts';
import { TEMPLATES, writePack } from '../../../bin/init/write-pack.ts';
import { aTerminal } from '../../support/a-terminal.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

describe('kt init', () => {
  it('has a template for every example', async () => {
    const examples = (await readdir('examples')).filter((name) => name.endsWith('.yaml'));
    expect([...TEMPLATES].toSorted().map((name) => `${name}.yaml`)).toEqual(examples.toSorted());
  });

  it.each(TEMPLATES)('writes the template %s with tests that pass', async (template) => {
    const dir = await temporaryFolder();
    const terminal = aTerminal();
    await initCommand(terminal).parseAsync(['--dir', dir, '--template', template], { from: 'user' });
    expect(terminal.written.out.split('\n')[0]).toBe(join(dir, 'policy-config.yaml'));
    const tested = aTerminal();
    await policyTestCommand(tested).parseAsync(['--pack-dir', dir], { from: 'user' });
    expect(tested.written.out).not.toContain('✗');
    expect(tested.written.out).toMatch(/[1-9]\d* cases?, 0 failed/);
    expect(tested.written.code).toBe(0);
  });

  it.each(TEMPLATES)('writes the template %s as the formatter of this project would', async (template) => {
    const written = await writePack({ dir: await temporaryFolder(), template, force: false });
    const options = { parser: 'yaml', ...(await resolveConfig('package.json')) };
    for (const path of written) {
      expect(await check(await readFile(path, 'utf8'), options)).toBe(true);
    }
  });

  it.each([
    ['another folder', 'my pack', "kt policy lint --file '", "kt policy test --pack-dir '"],
    ['a plain folder', 'pack', 'kt gateway run --policy-config /', 'kt policy lint --file /'],
  ])('tells the next commands for %s as they have to be typed', async (_, name, ...commands) => {
    const dir = join(await temporaryFolder(), name);
    const terminal = aTerminal();
    await initCommand(terminal).parseAsync(['--dir', dir], { from: 'user' });
    for (const command of commands) expect(terminal.written.err).toContain(command);
    expect(terminal.written.err).toContain(join(dir, 'policy-config.yaml'));
  });

  it('writes over nothing, and says what is there', async () => {
    const dir = await temporaryFolder();
    const path = join(dir, 'policy-config.yaml');
    await writeFile(path, 'mine');
    await expect(writePack({ dir, template: 'minimal', force: false })).rejects.toThrow(
      `${path}: there already`,
    );
    expect(await readdir(dir)).toEqual(['policy-config.yaml']);
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  it('writes over it with --force', async () => {
    const dir = await temporaryFolder();
    const path = join(dir, 'policy-config.yaml');
    await writeFile(path, 'mine');
    await writePack({ dir, template: 'minimal', force: true });
    expect(await readFile(path, 'utf8')).toContain('example-minimal');
  });

  it('says why it can not write', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    await expect(writePack({ dir: file, template: 'minimal', force: true })).rejects.toThrow(
      'can not write into',
    );
  });
});
