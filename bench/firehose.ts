/** Firehose for measurements, in a process of its own: takes every record, and answers 10 ms later. */
import { createServer } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';

/** What a call within a region takes. */
const ANSWER_MS = 10;

const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
  void answer();
  async function answer(): Promise<void> {
    const call: unknown = await json(request);
    const records = typeof call === 'object' && call !== null && 'Records' in call ? call.Records : [];
    const taken = Array.isArray(records) ? records.map((_, index) => ({ RecordId: String(index) })) : [];
    await wait(ANSWER_MS);
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ FailedPutCount: 0, Encrypted: false, RequestResponses: taken }));
  }
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.send?.({ url: `http://127.0.0.1:${port}` });
});
process.once('disconnect', () => process.exit());
