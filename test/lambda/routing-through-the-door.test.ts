/** Routing as a caller meets it: which target answers, and what the headers and the event say of it. */
import { describe, expect, it } from 'vitest';
import { chooseVariant } from '../../lambda/routing/ab-test.ts';
import type { Answered, TestGateway } from '../support/a-gateway.ts';
import { ask, routedGateways, targetOf, variantOf, type Ask } from '../support/routed-gateways.ts';

const world = routedGateways();
const { calledIn, failures, oneByOne, open } = world;

/** The target of each of so many requests, one after the other. */
async function targetsOfMany(gateway: TestGateway, count: number): Promise<readonly (string | undefined)[]> {
  const targets: (string | undefined)[] = [];
  for (let index = 0; index < count; index += 1) targets.push(targetOf(await ask(gateway)));
  return targets;
}

describe('a model group', () => {
  const GROUPS = 'model_groups: [{name: smart, targets: [b, c], aliases: [best, "smart/latest"]}]';

  it.each([
    ['its name', 'smart', 'b'],
    ['an alias', 'best', 'b'],
    ['an alias with a slash', 'smart/latest', 'b'],
    ['the name of no group', 'other', 'a'],
  ])('is chosen by %s', async (_, model, target) => {
    const gateway = open(['a', 'b', 'c'], GROUPS);
    expect(await calledIn(() => ask(gateway, { model }))).toEqual([target]);
    expect(gateway.events).toMatchObject([{ requested_model: model, target_id: target }]);
  });

  it('falls back within itself, and not beyond', async () => {
    const gateway = open(['a', 'b', 'c'], GROUPS);
    failures.set('b', { status: 500 });
    expect(targetOf(await ask(gateway, { model: 'smart' }))).toBe('c');
    failures.set('c', { status: 500 });
    expect(await calledIn(() => ask(gateway, { model: 'smart' }))).toEqual(['b', 'c']);
  });

  it('stands in the list of models under all its names', async () => {
    const gateway = open(['a', 'b', 'c'], GROUPS);
    const { json } = await gateway.get('/v1/models');
    expect(json).toMatchObject({
      data: ['a', 'b', 'c', 'smart', 'best', 'smart/latest'].map((id) => ({ id })),
    });
  });
});

describe('an A/B test', () => {
  const test = (sticky = 'user_id'): string =>
    `ab_test: {sticky_by: ${sticky}, variants: [{provider_id: a, weight: 60}, {provider_id: b, weight: 40}]}`;
  const VARIANTS = [
    { providerId: 'a', weight: 60 },
    { providerId: 'b', weight: 40 },
  ];
  const names = Array.from({ length: 20 }, (_, index) => `name-${index}`);

  it.each<[string, string, (name: string) => Ask]>([
    ['the user header', 'user_id', (name) => ({ headers: { 'x-user-id': name }, user: 'somebody' })],
    ['the user in the body', 'user_id', (name) => ({ user: name })],
    ['the conversation', 'conversation_id', (name) => ({ headers: { 'x-conversation-id': name } })],
    ['the request id', 'request_id', (name) => ({ headers: { 'x-request-id': name } })],
  ])('sticks to %s, on every gateway alike', async (_, stickyBy, fieldsOf) => {
    const [here, there] = [open(['a', 'b'], test(stickyBy)), open(['a', 'b'], test(stickyBy))];
    const seen = new Set<string | undefined>();
    for (const name of names) {
      const wanted = chooseVariant({ stickyBy: 'user_id', variants: VARIANTS }, name, () => Number.NaN);
      for (const gateway of [here, there, here]) {
        const reply = await ask(gateway, fieldsOf(name));
        expect([variantOf(reply), targetOf(reply)]).toEqual([wanted, wanted]);
      }
      seen.add(wanted);
    }
    expect(seen.size).toBe(2);
    expect(
      here.events.every(({ variant, target_id: target }) => variant !== null && variant === target),
    ).toBe(true);
  });

  it('draws by chance where nothing is there to stick to', async () => {
    const gateway = open(['a', 'b'], test());
    const variants = new Set<string | undefined>();
    for (let index = 0; index < 40; index += 1) variants.add(variantOf(await ask(gateway)));
    expect(variants).toEqual(new Set(['a', 'b']));
  });

  it('is named to who gets a stream, too', async () => {
    const gateway = open(['a', 'b'], test());
    const reply = await ask(gateway, { user: 'ada', stream: true });
    expect(variantOf(reply)).toBe(chooseVariant({ stickyBy: 'user_id', variants: VARIANTS }, 'ada', () => 0));
    expect(gateway.events).toMatchObject([{ stream: true, variant: variantOf(reply) }]);
  });

  it.each([
    ['fails', 1, ['a', 'b']],
    ['is known to be down', 6, ['b']],
  ])('falls back when its variant %s, and the event says both', async (_, requests, called) => {
    const gateway = open(['a', 'b'], `${test('request_id')}, circuit_breaker: {failure_threshold: 5}`);
    const id = names.find(
      (name) => chooseVariant({ stickyBy: 'request_id', variants: VARIANTS }, name, () => 0) === 'a',
    );
    const headers = { 'x-request-id': id ?? '' };
    failures.set('a', { status: 503 });
    for (let index = 1; index < requests; index += 1) await ask(gateway, { headers });
    let reply: Answered | undefined;
    expect(await calledIn(async () => (reply = await ask(gateway, { headers })))).toEqual(called);
    expect(reply).toMatchObject({
      status: 200,
      headers: { 'x-keeptrusts-variant': 'a', 'x-keeptrusts-target': 'b' },
    });
    expect(gateway.events.at(-1)).toMatchObject({ variant: 'a', target_id: 'b', http_status: 200 });
    expect(gateway.events.at(-1)?.attempts.map(({ target_id: target }) => target)).toEqual(called);
  });

  it('takes no part where a group leaves out one of its variants', async () => {
    const gateway = open(['a', 'b', 'c'], `${test()}, model_groups: [{name: g, targets: [b, c]}]`);
    const reply = await ask(gateway, { model: 'g', user: 'ada' });
    expect([variantOf(reply), targetOf(reply)]).toEqual([undefined, 'b']);
    expect(gateway.events).toMatchObject([{ variant: null }]);
  });
});

describe('the shares of a strategy', () => {
  it('are those of the weights under weighted_round_robin', async () => {
    const gateway = open(
      ['a | weight: 5', 'b | weight: 3', 'c | weight: 2'],
      'strategy: weighted_round_robin',
    );
    const counts = Map.groupBy(await targetsOfMany(gateway, 100), (target) => target);
    expect(['a', 'b', 'c'].map((id) => counts.get(id)?.length)).toEqual([50, 30, 20]);
    expect(gateway.events.at(-1)).toMatchObject({ strategy: 'weighted_round_robin' });
  });

  it('are even under round_robin, and the next in line stands in for one that fails', async () => {
    const gateway = open(['a', 'b', 'c'], 'strategy: round_robin, circuit_breaker: {enabled: false}');
    failures.set('c', { status: 500 });
    const called = await calledIn(() => targetsOfMany(gateway, 30));
    const tried = Map.groupBy(gateway.events, ({ attempts }) => attempts[0]?.target_id);
    expect(['a', 'b', 'c'].map((id) => tried.get(id)?.length)).toEqual([10, 10, 10]);
    expect(called.filter((id, index) => id !== 'c' && called[index - 1] === 'c')).toHaveLength(10);
  });

  it('are even among the others under round_robin once a circuit has opened', async () => {
    const gateway = open(['a', 'b', 'c'], 'strategy: round_robin, circuit_breaker: {failure_threshold: 1}');
    failures.set('c', { status: 500 });
    await targetsOfMany(gateway, 3);
    const counts = Map.groupBy(await targetsOfMany(gateway, 20), (target) => target);
    expect(['a', 'b', 'c'].map((id) => counts.get(id)?.length)).toEqual([10, 10, undefined]);
  });

  it('follow prices under lowest_cost', async () => {
    const gateway = open(
      [
        'dear | pricing: {prompt: 9, completion: 9}',
        'cheap | pricing: {prompt: 1, completion: 1}',
        'unpriced',
      ],
      'strategy: lowest_cost',
    );
    failures.set('cheap', { status: 500 });
    expect(await calledIn(() => ask(gateway))).toEqual(['cheap', 'dear']);
  });

  it('leave a busy target alone under least_busy', async () => {
    const gateway = open(['a', 'b'], 'strategy: least_busy');
    let release: () => void = () => undefined;
    world.held = new Promise((resolve) => (release = resolve));
    const replies = await oneByOne(Array.from({ length: 4 }, () => () => ask(gateway)));
    release();
    const targets = (await Promise.all(replies)).map(targetOf);
    expect(targets.filter((id) => id === 'a')).toHaveLength(2);
  });
});

describe('max_context_tokens', () => {
  const long = { messages: [{ role: 'user', content: 'words and more words '.repeat(400) }] };

  it('refuses what no target can take, before anybody is asked', async () => {
    const gateway = open(['a | max_context_tokens: 100', 'b | max_context_tokens: 200']);
    let reply: Answered | undefined;
    expect(await calledIn(async () => (reply = await ask(gateway, long)))).toEqual([]);
    expect(reply).toMatchObject({
      status: 400,
      json: {
        error: { type: 'invalid_request_error', code: 'context_length_exceeded', message: /200/ },
      },
    });
    expect(gateway.events).toMatchObject([{ http_status: 400, reason_code: 'context.too_large' }]);
  });

  it('passes over the targets that are too small', async () => {
    const gateway = open(['a | max_context_tokens: 100', 'b | max_context_tokens: 100000']);
    expect(targetOf(await ask(gateway))).toBe('a');
    expect(targetOf(await ask(gateway, long))).toBe('b');
  });

  it.each(['max_tokens', 'max_completion_tokens'])('counts %s in', async (field) => {
    const gateway = open(['a | max_context_tokens: 1000']);
    expect((await ask(gateway, { [field]: 800 })).status).toBe(200);
    expect((await ask(gateway, { [field]: 1000 })).status).toBe(400);
  });
});
