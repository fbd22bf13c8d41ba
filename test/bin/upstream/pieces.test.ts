/** The pieces that the embedded upstream is made of: tokens, prices, the script, the reading of a request. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scriptedAnswer } from '../../../bin/upstream/answer.ts';
import { objectionTo, readAsk, routeOf } from '../../../bin/upstream/ask.ts';
import { answeringModel, costOf, isClaude, isWithdrawn } from '../../../bin/upstream/catalogue.ts';
import { spoilFrames } from '../../../bin/upstream/stream-fault.ts';
import { tokensOf } from '../../../bin/upstream/tokens.ts';

describe('tokensOf', () => {
  it('loses nothing of any text, and cuts no character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const tokens = tokensOf(text);
        expect(tokens.join('')).toBe(text);
        expect(tokens.every((token) => token !== '' && token.isWellFormed())).toBe(true);
      }),
    );
  });

  it.each([
    ['Hello, world', ['Hello', ',', ' world']],
    ['4111 1111', ['411', '1', ' 111', '1']],
    ['internationalisation', ['internat', 'ionalisa', 'tion']],
    ['a  \n', ['a', '  \n']],
    ['', []],
  ])('cuts %j as a model would stream it', (text, tokens) => {
    expect(tokensOf(text)).toEqual(tokens);
  });

  it('keeps borders that are given', () => {
    expect(tokensOf(['4111 1', '111'])).toEqual(['4111 1', '111']);
  });
});

describe('the catalogue', () => {
  it('prices as AIML API did on 2026-03-19: 776 and 85 tokens of gpt-4o are 7254 credits', () => {
    expect(costOf('gpt-4o', 776, 85)).toEqual({ credits_used: 7254, usd_spent: 0.003627 });
  });

  it('prices a model that it does not list at 1 USD per million', () => {
    expect(costOf('some/model', 1_000_000, 0)).toEqual({ credits_used: 2_000_000, usd_spent: 1 });
  });

  it.each([
    ['gpt-4o', 'gpt-4o-2024-08-06'],
    ['openai/gpt-4o', 'gpt-4o-2024-08-06'],
    ['deepseek/deepseek-chat', 'deepseek-v4-flash'],
    ['some/model', 'some/model'],
  ])('%s answers as %s', (asked, answers) => {
    expect(answeringModel(asked)).toBe(answers);
  });

  it.each([
    ['anthropic/claude-sonnet-4.6', true, false],
    ['claude-3-5-sonnet-20241022', true, true],
    ['gemini-2.0-flash', false, true],
    ['openai/gpt-4o', false, false],
  ])('%s: Claude %s, withdrawn %s', (model, claude, withdrawn) => {
    expect([isClaude(model), isWithdrawn(model)]).toEqual([claude, withdrawn]);
  });
});

describe('a request is read', () => {
  const user = (content: unknown) => ({ role: 'user', content });

  it.each([
    ['chat', { messages: [{ role: 'system', content: 's' }, user('hi')] }, 'hi', 'user'],
    ['chat', { messages: [user('hi'), { role: 'assistant', content: 'yo' }] }, 'hi', 'assistant'],
    [
      'chat',
      { messages: [user([{ type: 'text', text: 'a' }, { type: 'image_url' }, { type: 'text', text: 'b' }])] },
      'ab',
      'user',
    ],
    ['chat', { messages: [user('hi'), { role: 'tool', content: '42' }] }, 'hi', 'tool'],
    ['chat', { messages: 'none' }, '', 'user'],
    ['responses', { input: 'hi' }, 'hi', 'user'],
    ['responses', { input: [user([{ type: 'input_text', text: 'hi' }])] }, 'hi', 'user'],
    ['responses', { input: [user('hi'), { type: 'function_call_output', output: '42' }] }, 'hi', 'tool'],
    ['messages', { messages: [user('hi'), user([{ type: 'tool_result', content: '42' }])] }, '', 'tool'],
    ['embeddings', { input: 'hi' }, 'hi', 'user'],
  ] as const)('%s %j says %j, last %s', (route, body, userText, lastRole) => {
    expect(readAsk(route, body, {})).toMatchObject({ userText, lastRole });
  });

  it.each([
    ['/v1/chat/completions', 'chat'],
    ['/chat/completions', 'chat'],
    ['/messages', 'messages'],
    ['/v2/chat/completions', undefined],
    ['/v1/completions', undefined],
    ['/v1/chat/completions/', undefined],
  ])('%s is %s', (path, route) => {
    expect(routeOf(path)).toBe(route);
  });

  it('refuses for one reason at a time, the model first', () => {
    const ask = readAsk('chat', { model: 'gemini-2.0-flash', tools: null }, {});
    expect(objectionTo(ask)).toEqual({ status: 404, topic: 'model' });
  });
});

describe('the script', () => {
  it.each([
    ['repeat: my card', 'my card'],
    ['Please repeat after me: x y', 'x y'],
    ['ECHO:  as it is ', 'as it is '],
    ['say this: a\nb', 'a\nb'],
    ['What is the capital of France?', 'The capital of France is Paris.'],
    ['Hello', 'This is a scripted stand-in for AIML API. It was sent: Hello'],
    ['', 'This is a scripted stand-in for AIML API. It was sent: '],
  ])('answers %j with %j', (content, text) => {
    const ask = readAsk('chat', { messages: [{ role: 'user', content }] }, {});
    expect(scriptedAnswer(ask)).toEqual({ text });
  });

  it('calls no tool that has no name', () => {
    const ask = readAsk(
      'chat',
      { messages: [{ role: 'user', content: 'x' }], tools: [{ type: 'function' }] },
      {},
    );
    expect(scriptedAnswer(ask)).not.toHaveProperty('toolCalls');
  });
});

describe('a spoilt stream keeps the order of the frames that it sends', () => {
  const frames = ['1', '2', '3', '4'];
  it.each(['malformed', 'utf8', 'long-line', 'error-a', 'no-done', 'no-end', 'after-done'] as const)(
    '%s',
    (how) => {
      const spoilt = spoilFrames(how, frames, { path: '/v1/chat/completions', requestId: 'r' });
      const kept = spoilt.filter((part) => typeof part === 'string' && frames.includes(part));
      expect(frames.slice(0, kept.length)).toEqual(kept);
    },
  );
});
