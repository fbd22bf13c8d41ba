/** Shows what the gateway does on a tour that checks what it claims. */
import { verifyFolder } from '../../lambda/audit/verify.ts';
import { createConsoleLog } from '../../lambda/local/console-log.ts';
import { DEFAULT_ADDRESS } from '../gateway-run/listen-address.ts';
import { startGateway, type StartedGateway } from '../gateway-run/start-gateway.ts';
import { CommandFailure, type Terminal } from '../terminal.ts';
import { startAimlapiUpstream, type AimlapiUpstream } from '../upstream/aimlapi-upstream.ts';
import { isObject, listOf, parseObject } from '../upstream/json.ts';
import { askGateway } from './ask-gateway.ts';
import { makeDemoFiles, type DemoFiles } from './demo-files.ts';
import { readEvent } from './read-event.ts';
import { STEPS, type Outcome, type Step } from './steps.ts';
import {
  answerLine,
  askedLine,
  claimLines,
  eventLine,
  heading,
  labelled,
  showMarkers,
  verificationLines,
} from './tell.ts';

export interface DemoOptions {
  /** End after the tour. */
  readonly once: boolean;
  /** Where the gateway listens; absent, the usual port, or any free one when that is taken. */
  readonly port?: number;
  /** Milliseconds between the tokens of the streamed answer. */
  readonly tokenDelayMs: number;
}

interface Stage {
  readonly upstream: AimlapiUpstream;
  readonly files: DemoFiles;
  readonly gateway: StartedGateway;
  readonly url: string;
  /** The step whose answers upstream gives. */
  current: Step | undefined;
}

/**
 * Resolves when the tour is over (once) or when `untilEnd` resolves.
 * Throws CommandFailure when something was not as claimed, or the port is taken.
 */
export async function runDemo(
  options: DemoOptions,
  terminal: Terminal,
  untilEnd: () => Promise<void>,
): Promise<void> {
  const stage = await openStage(options, terminal);
  try {
    const failures = await tour(stage, terminal);
    if (!options.once) {
      terminal.out(invitation(stage, terminal));
      await untilEnd();
    }
    if (failures > 0) throw new CommandFailure(1, `${failures} of the tour's claims did not hold`);
  } finally {
    await closeStage(stage);
  }
}

async function openStage(options: DemoOptions, terminal: Terminal): Promise<Stage> {
  const stage: { current: Step | undefined } = { current: undefined };
  const upstream = await startAimlapiUpstream({
    reply: ({ model }) => stage.current?.reply?.(model),
    tokenDelayMs: options.tokenDelayMs,
  });
  const files = await makeDemoFiles(upstream.url);
  try {
    const gateway = await openGateway(files, options, terminal);
    return Object.assign(stage, { upstream, files, gateway, url: gateway.urls[0] ?? '' });
  } catch (error) {
    await upstream.close();
    await files.remove();
    throw error;
  }
}

async function openGateway(
  files: DemoFiles,
  { port }: DemoOptions,
  terminal: Terminal,
): Promise<StartedGateway> {
  const start = (at: number): Promise<StartedGateway> =>
    startGateway({
      listen: [{ host: DEFAULT_ADDRESS.host, port: at }],
      policyConfig: [files.policyConfig],
      failMode: 'block',
      maxConcurrency: 256,
      auditDir: files.auditDir,
      syncsAudit: true,
      variables: { AIMLAPI_KEY: 'demo-key' },
      log: createConsoleLog({ write: terminal.err, now: Date.now, level: 'error' }),
    });
  if (port !== undefined) return start(port);
  return start(DEFAULT_ADDRESS.port).catch((error: unknown) => {
    if (error instanceof CommandFailure) return start(0);
    throw error;
  });
}

/** Shows every step; gives the number of claims that did not hold. */
async function tour(stage: Stage, { out, paint }: Terminal): Promise<number> {
  out(
    `${paint('bold', 'keeptrusts-gateway')}  a tour, on this machine alone: the model is a scripted stand-in that speaks AIML API's format\n`,
  );
  let failures = 0;
  for (const [index, step] of STEPS.entries()) {
    out(heading(paint, index + 1, step));
    const outcome = await play(stage, step, { out, paint });
    if (step.stream) out(`\n${askedLine(paint, outcome.asked)}`);
    else out(askedLine(paint, outcome.asked) + answerLine(paint, outcome));
    const claims = step.claims(outcome);
    out(eventLine(paint, outcome.event) + claimLines(paint, claims));
    failures += claims.filter(({ holds }) => !holds).length;
  }
  const verification = await verifyFolder(stage.files.auditDir);
  out(verificationLines(paint, verification));
  return failures + (verification.ok ? 0 : 1);
}

async function play(
  stage: Stage,
  step: Step,
  { out, paint }: Pick<Terminal, 'out' | 'paint'>,
): Promise<Outcome> {
  const before = stage.upstream.requests.length;
  stage.current = step;
  if (step.stream) out(labelled(paint, 'answer', '').trimEnd().padEnd(13));
  const received = await askGateway(stage.url, step.question, step.stream, (piece) => {
    if (step.stream) out(showMarkers(paint, piece));
  });
  stage.current = undefined;
  const asked = stage.upstream.requests.slice(before).map(({ body }) => lastUserText(body));
  return { ...received, asked, event: await readEvent(stage.files.auditDir, received.eventId) };
}

function lastUserText(body: string): string {
  const message = listOf(parseObject(body)?.['messages']).at(-1);
  const content = isObject(message) ? message['content'] : undefined;
  return typeof content === 'string' ? content : '';
}

function invitation({ url, files }: Stage, { paint }: Terminal): string {
  const body =
    '{"model":"openai/gpt-4o","messages":[{"role":"user","content":"Repeat: my address is ada@example.org"}]}';
  return `
${paint('bold', paint('cyan', 'Your turn'))}  ${paint('dim', 'The gateway is still up; the stand-in repeats what it saw.')}

  curl ${url}/v1/chat/completions -H 'Content-Type: application/json' \\
    -d '${body}'

${labelled(paint, 'SDKs', `base URL ${url}/v1, any API key`)}${labelled(paint, 'events', files.auditDir)}${labelled(paint, 'end', 'Ctrl+C; the folder goes, too')}`;
}

async function closeStage({ gateway, upstream, files }: Stage): Promise<void> {
  await gateway.close(1000);
  await upstream.close();
  await files.remove();
}
