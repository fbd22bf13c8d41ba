/** A chain of policies that can be checked by a regular expression: bounded, unbounded, nested and merely slow ones. */
import { openChain } from '../../../lambda/policies/chain.ts';
import type { Chain } from '../../../lambda/policies/chain.ts';
import type { LaneJudge, Policy, Release } from '../../../lambda/policies/policy.ts';
import type { Piece } from '../../../lambda/detectors/piece.ts';
import { anEntry, wordJudge } from '../policies/toy-policies.ts';

/** A bounded match with a space inside, one that needs its right border, and one without an upper limit. */
const MATCH = /\b(?:secret|card \d\d)\b|\bkey-[a-z]{4,}/g;
/** Whatever may become a match, from its start to the end of what is there. */
const ALIVE =
  /\b(?:s|se|sec|secr|secre|secret|c|ca|car|card|card |card \d|card \d\d|k|ke|key|key-|key-[a-z]{1,3})$/;
const KEY = /\bkey-[a-z]{4,}$/;

/** What a reader may see of a text. */
export function toyRedact(text: string): string {
  return text
    .replace(MATCH, '[FOUND one]')
    .replace(/\bquick\b/g, '')
    .replace(/\bone\b/g, 'first of many');
}

/** Pieces of the things that policies look for, of what nearly is one, and of what tries parsers. */
export const TOY_WORDS: readonly string[] =
  'secret|sec|ret|secrets|card 42|card |4|2|key-|abcd|zzzzzzzzzzzz|the|quick|fox|one|é|😀|漢|"|\\|{|.|,| | | |\n|  '.split(
    '|',
  );

export function toyChain(mode: 'realtime' | 'buffered' = 'realtime'): Chain {
  const policies = [finding(), rewriting({ quick: '' }), rewriting({ one: 'first of many' }), rewriting({})];
  const links = policies.map((policy) => ({ entry: anEntry({ streamingMode: mode }), policy }));
  const facts = { path: '/v1/x', headers: {}, model: 'm', stream: true };
  return openChain(links, facts, { elapsed: () => 0, failMode: 'block' });
}

const rewriting = (table: Readonly<Record<string, string>>): Policy => ({
  kind: 'safety-filter',
  begin: () => ({
    openLane: () => wordJudge((word) => (Object.hasOwn(table, word) ? table[word] : undefined)),
  }),
});

const finding = (): Policy => ({
  kind: 'pii-detector',
  begin: () => ({ openLane: () => new FindingJudge() }),
});

class FindingJudge implements LaneJudge {
  /** What was released last, as far as it decides about a left border. */
  private before: '' | 'x' | ' ' = '';
  private held = '';
  private isInKey = false;

  push(text: string): Release {
    this.held += text;
    return { pieces: this.release(false) };
  }

  end(): Release {
    return { pieces: this.release(true) };
  }

  private release(isEnd: boolean): readonly Piece[] {
    const pieces: Piece[] = [...this.swallow()];
    if (this.isInKey) return pieces;
    const text = this.before + this.held;
    const alive = isEnd ? text.length : this.aliveFrom(text);
    let from = this.before.length;
    for (const { 0: match, index } of text.matchAll(MATCH)) {
      if (index >= alive) break;
      pieces.push(...verbatim(text.slice(from, index)), found(match.length));
      from = index + match.length;
    }
    const until = Math.max(alive, from);
    pieces.push(...verbatim(text.slice(from, until)));
    this.isInKey = until === text.length && KEY.test(text);
    this.before = borderAfter(text.slice(0, until));
    this.held = text.slice(until);
    return pieces;
  }

  /** A long key goes on without being kept. */
  private swallow(): readonly Piece[] {
    if (!this.isInKey) return [];
    const more = /^[a-z]*/.exec(this.held)?.[0] ?? '';
    if (more === '') {
      this.isInKey = this.held === '';
      return [];
    }
    this.before = 'x';
    this.held = this.held.slice(more.length);
    this.isInKey = this.held === '';
    return [{ text: '', length: more.length, mark: { type: 'FOUND', continues: true } }];
  }

  private aliveFrom(text: string): number {
    const alive = ALIVE.exec(text);
    return alive === null || alive.index < this.before.length ? text.length : alive.index;
  }
}

const borderAfter = (text: string): '' | 'x' | ' ' => (text === '' ? '' : /\w$/.test(text) ? 'x' : ' ');
const verbatim = (text: string): readonly Piece[] => (text === '' ? [] : [{ text, length: text.length }]);
const found = (length: number): Piece => ({ text: '[FOUND one]', length, mark: { type: 'FOUND' } });
