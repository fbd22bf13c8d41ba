/** Collects the texts of a body, decoded and put together, so that they can be searched. */
import { isObject } from '../upstream/json.ts';

/** Every string value of a JSON body, or of the frames of a stream: what belongs to one place is joined. */
export function collectTexts(body: string): readonly string[] {
  const texts = new Map<string, string>();
  for (const part of jsonParts(body)) gather(part, '', texts);
  return [...texts.values()];
}

function jsonParts(body: string): readonly unknown[] {
  const frames = body
    .split('\n')
    .filter((line) => line.startsWith('data: {'))
    .map((line) => line.slice('data: '.length));
  return (frames.length > 0 ? frames : [body]).map(parse);
}

/** What is no JSON is a text as a whole. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function gather(value: unknown, place: string, texts: Map<string, string>): void {
  if (typeof value === 'string') texts.set(place, (texts.get(place) ?? '') + value);
  else if (Array.isArray(value)) value.forEach((item, index) => gather(item, `${place}/${index}`, texts));
  else if (isObject(value)) {
    for (const [key, item] of Object.entries(value)) gather(item, `${place}/${key}`, texts);
  }
}
