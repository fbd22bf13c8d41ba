/** A capture, told to people. */
import type { Capture, CapturedTexts } from '../../lambda/audit/capture.ts';
import type { Paint } from '../terminal.ts';

const WHY: Readonly<Record<NonNullable<CapturedTexts['withheld']>, string>> = {
  blocked: 'withheld: a policy blocked it',
  policy_error: 'withheld: a policy failed on it',
  redactor_error: 'withheld: it could not be redacted',
};

/** What a terminal would obey stands as a sign instead: the texts are those of strangers. */
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/** Its request on one line, then each text under its place. */
export function captureText(capture: Capture, paint: Paint): string {
  const { event_id: event, request_id: request, timestamp, route, verdict, reason_code: reason } = capture;
  const head = `${paint('bold', event)}  ${timestamp}  ${route}  ${verdict} (${reason})  ${request}`;
  return [
    plain(head),
    ...sideLines('prompt', capture.prompt, paint),
    ...sideLines('answer', capture.answer, paint),
    '',
  ].join('\n');
}

function sideLines(name: string, { withheld, texts, truncated }: CapturedTexts, paint: Paint): string[] {
  if (withheld !== null) return [`  ${name}: ${WHY[withheld]}`];
  const lines = texts.flatMap(({ lane, role, content, text, is_cut: isCut }) => [
    `  ${paint('dim', plain(`${name} ${lane}, ${role}, ${content}`))}`,
    ...plain(text)
      .split('\n')
      .map((line) => `    ${line}`),
    ...(isCut === true ? [`    ${paint('yellow', '… cut here')}`] : []),
  ]);
  return truncated === undefined
    ? lines
    : [...lines, `  ${name}: not all of it, there were ${truncated} characters`];
}

const plain = (text: string): string => text.replace(CONTROLS, '\ufffd');
