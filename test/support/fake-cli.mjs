#!/usr/bin/env node
// Stands in for codex, gemini and claude, which cannot sign in where tests run. It answers in the form of the tool whose flags it is
// given, as recorded from codex-cli 0.171.0, gemini-cli 0.61.0 and claude-code 2.1.332, and misbehaves as the prompt says.
import { spawn } from 'node:child_process';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const args = process.argv.slice(2);
const say = (value) => process.stdout.write(`${typeof value === 'string' ? value : JSON.stringify(value)}\n`);

if (args.includes('--version')) {
  if (process.env.FAKE_LOG) appendFileSync(process.env.FAKE_LOG, 'version\n');
  say('codex-cli 0.169.0');
  process.exit(0);
}

const prompt = readFileSync(0, 'utf8');
const kind = args.includes('exec') ? 'codex' : args.includes('stream-json') ? (args.includes('--print') ? 'claude' : 'gemini') : 'command';
const modelAt = args.indexOf('--model');
const model = modelAt === -1 ? 'default' : args[modelAt + 1];

const answer = (pieces) => {
  if (kind === 'codex') {
    say({ type: 'thread.started', thread_id: '01a205aa-ab82-70e3-9668-e5f2a7e412d3' });
    say({ type: 'turn.started' });
    say({ type: 'error', message: 'Reconnecting... 2/5 (stream disconnected before completion)' });
    say({ type: 'item.completed', item: { id: 'item_0', type: 'agent_message', text: 'Let me see.' } });
    say({ type: 'item.completed', item: { id: 'item_1', type: 'agent_message', text: pieces.join('') } });
    say({
      type: 'turn.completed',
      usage: { input_tokens: 11, cached_input_tokens: 3, cache_write_input_tokens: 0, output_tokens: 2, reasoning_output_tokens: 0 },
    });
  } else if (kind === 'gemini') {
    say({ type: 'init', session_id: 'e', model });
    say({ type: 'message', role: 'user', content: prompt });
    for (const content of pieces) say({ type: 'message', role: 'assistant', content, delta: true });
    say({ type: 'result', status: 'success', stats: { total_tokens: 13, input_tokens: 11, output_tokens: 2, cached: 0 } });
  } else if (kind === 'claude') {
    say({ type: 'system', subtype: 'init', model });
    for (const text of pieces) say({ type: 'stream_event', event: { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } } });
    say({ type: 'assistant', message: { content: [{ type: 'text', text: pieces.join('') }] } });
    say({
      type: 'result',
      subtype: 'success',
      is_error: false,
      result: pieces.join(''),
      usage: { input_tokens: 8, cache_read_input_tokens: 3, output_tokens: 2 },
    });
  } else say(pieces.join(''));
};
const fail = (message) => {
  if (kind === 'codex') {
    say({ type: 'error', message });
    say({ type: 'turn.failed', error: { message } });
  } else if (kind === 'gemini') say({ type: 'result', status: 'error', error: { type: 'unknown', message }, stats: {} });
  else if (kind === 'claude') say({ type: 'result', subtype: 'success', is_error: true, result: message, usage: {} });
  else process.stderr.write(`${message}\n`);
  process.exit(1);
};
const forever = () => setInterval(() => undefined, 1_000);
const child = (detached, ignoring) =>
  spawn(process.execPath, ['-e', `${ignoring ? 'process.on("SIGTERM",()=>{});' : ''}setInterval(()=>{},1000)`], { detached, stdio: 'inherit' });

const [, order, rest = ''] = /^\[(\w+)\] ?([\s\S]*)$/.exec(prompt) ?? [];
switch (order) {
  case 'args':
    answer([JSON.stringify(args)]);
    break;
  case 'env':
    answer([JSON.stringify(Object.keys(process.env).sort())]);
    break;
  case 'cwd':
    answer([process.cwd()]);
    break;
  case 'fail':
    fail(rest);
    break;
  case 'code':
    process.stderr.write('Warning: something\nit broke\n');
    process.exit(Number(rest));
    break;
  case 'flood':
    for (;;) if (!process.stdout.write(`${'x'.repeat(65_000)}\n`)) await new Promise((resolve) => process.stdout.once('drain', resolve));
  // falls through
  case 'line':
    for (;;) if (!process.stdout.write('x'.repeat(65_536))) await new Promise((resolve) => process.stdout.once('drain', resolve));
  // falls through
  case 'offline':
    say({ type: 'error', message: 'Reconnecting... waiting for network (Connection failed: error sending request)' });
    forever();
    break;
  case 'silent':
    writeFileSync(join(process.cwd(), 'started'), '');
    forever();
    break;
  case 'stubborn':
    process.on('SIGTERM', () => undefined);
    child(false, true);
    child(true, true);
    say({ type: 'message', role: 'assistant', content: 'begun', delta: true });
    forever();
    break;
  case 'stray':
    child(true, true).unref();
    answer(['left a stray']);
    process.exit(0);
    break;
  default:
    answer(['You said: ', prompt]);
}
