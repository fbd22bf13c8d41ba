/** Test suites inside the configuration, and golden files beside it. */
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../lambda/config/load.ts';
import { loadGoldenCase } from '../../../lambda/config/load-golden-case.ts';
import { yamlWith } from './a-config.ts';

const messages = [{ role: 'user', content: 'hello', name: 'kept' }];

describe('a suite', () => {
  it('is handed on with its cases', () => {
    const suite = {
      name: 's',
      target: 'audit-logger',
      cases: [{ name: 'c', input: { messages }, expected: { verdict: 'allow', contains: 'hello' } }],
    };
    const result = loadConfig([{ path: 'f', text: yamlWith({ testing: { suites: [suite] } }) }]);
    expect(result).toMatchObject({
      ok: true,
      suites: [
        {
          name: 's',
          target: 'audit-logger',
          cases: [
            {
              name: 'c',
              input: { messages, headers: {}, request: {} },
              expected: { verdict: 'allow', contains: ['hello'], notContains: [] },
            },
          ],
        },
      ],
    });
  });

  it('does not change the hash: tests are no behaviour', () => {
    const suite = { name: 's', cases: [{ name: 'c', input: { messages }, expected: { verdict: 'allow' } }] };
    const [bare, tested] = [{}, { testing: { suites: [suite] } }].map((changes) =>
      loadConfig([{ path: 'f', text: yamlWith(changes) }]),
    );
    expect(bare).toMatchObject({ ok: true });
    expect(tested).toMatchObject({ ok: true, config: { hash: bare?.ok === true ? bare.config.hash : '' } });
  });
});

describe('a golden file', () => {
  it('is read from JSON with everything it may hold', () => {
    const file = {
      name: 'n',
      input: {
        messages,
        headers: { 'X-Team': 'a' },
        request: { model: 'm', stream: true },
        upstream_response: { choices: [] },
      },
      expected: { verdict: 'redact', reason_code: 'pii.redacted', contains: ['a', 'b'], not_contains: 'c' },
    };
    expect(loadGoldenCase({ path: 'tests/a.json', text: JSON.stringify(file, null, '\t') })).toEqual({
      ok: true,
      goldenCase: {
        name: 'n',
        input: {
          messages,
          headers: { 'x-team': 'a' },
          request: { model: 'm', stream: true },
          upstreamResponse: { choices: [] },
        },
        expected: { verdict: 'redact', reasonCode: 'pii.redacted', contains: ['a', 'b'], notContains: ['c'] },
      },
    });
  });

  it.each([
    [
      'a verdict that is none',
      'name: n\ninput: {messages: [{role: user}]}\nexpected: {verdict: pass}',
      'expected.verdict',
      3,
    ],
    [
      'an unknown key',
      'name: n\ninputs: {}\ninput: {messages: [{role: user}]}\nexpected: {verdict: allow}',
      'inputs',
      2,
    ],
    [
      'a message without a role',
      'name: n\ninput: {messages: [{}]}\nexpected: {verdict: allow}',
      'input.messages[0].role',
      2,
    ],
    [
      'a reason that is no code',
      'name: n\ninput: {messages: [{role: user}]}\nexpected: {verdict: allow, reason_code: Oops}',
      'expected.reason_code',
      3,
    ],
  ])('tells %s with its line', (_, text, path, line) => {
    expect(loadGoldenCase({ path: 'tests/a.yaml', text })).toMatchObject({
      ok: false,
      problems: [{ path, line, file: 'tests/a.yaml' }],
    });
  });
});
