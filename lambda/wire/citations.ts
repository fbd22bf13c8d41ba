/** Citations: texts of others beside a reply's text, and the places in it that they point to by number. */
import { asArray, asNumber, asObject } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';
import type { Author, TextCollector } from './located.ts';
import type { TextSpan } from './wire-format.ts';

/** Members of a citation that quote somebody's words. */
const QUOTES = ['title', 'content', 'cited_text', 'document_title', 'text', 'quote', 'snippet'];

/** Adds the words of one annotation, which stand in it or in its `url_citation`. */
export function addCitation(
  collector: TextCollector,
  value: JsonValue | undefined,
  at: JsonPath,
  author: Author,
  lanePath: JsonPath = at,
): void {
  for (const { citation, inner } of layersOf(value)) {
    for (const member of QUOTES) {
      const more = { lanePath: [...lanePath, ...inner, member] };
      collector.add(citation[member], [...at, ...inner, member], author, 'annotation', more);
    }
  }
}

/** Where one annotation points to, as chat completions and Responses have it. Source: OpenAI's API reference. */
export function spansOf(value: JsonValue | undefined, at: JsonPath): readonly TextSpan[] {
  return layersOf(value).flatMap(({ citation, inner }) => {
    const start = asNumber(citation['start_index']);
    const end = asNumber(citation['end_index']);
    if (start === undefined || end === undefined) return [];
    return [
      {
        start: { at: [...at, ...inner, 'start_index'], value: start },
        end: { at: [...at, ...inner, 'end_index'], value: end },
      },
    ];
  });
}

/** The spans of all annotations of a message or a content part that stands at `at`. */
export function annotationSpans(holder: JsonObject, at: JsonPath): readonly TextSpan[] {
  return asArray(holder['annotations']).flatMap((value, index) =>
    spansOf(value, [...at, 'annotations', index]),
  );
}

interface Layer {
  readonly citation: JsonObject;
  /** From the annotation to here. */
  readonly inner: JsonPath;
}

function layersOf(value: JsonValue | undefined): readonly Layer[] {
  const annotation = asObject(value);
  if (annotation === undefined) return [];
  const layers: Layer[] = [{ citation: annotation, inner: [] }];
  for (const member of ['url_citation', 'file_citation']) {
    const citation = asObject(annotation[member]);
    if (citation !== undefined) layers.push({ citation, inner: [member] });
  }
  return layers;
}
