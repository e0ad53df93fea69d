import { z } from 'zod';
import { GatewayError } from '../../core/errors.ts';
import { readBody } from './body.ts';
import { parseDigest } from './names.ts';

/** Clients of different ages say `name` or `model`. */
const named = z.looseObject({ model: z.string().nullish(), name: z.string().nullish(), stream: z.boolean().nullish() });

export interface Named {
  /** As the client wrote it, without blanks around; '' when it gave none. */
  readonly name: string;
  /** Native routes stream unless told not to. */
  readonly stream: boolean;
  /** The body as it came, to be sent on with the name the host knows. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** The model a body speaks of. */
export function decodeNamed(input: unknown): Named {
  const { name, ...body } = readBody(named, input);
  return { name: (body.model || name || '').trim(), stream: body.stream ?? true, body };
}

const blobs = z.record(z.string(), z.string()).nullish();
const creation = z.looseObject({
  from: z.string().nullish(),
  files: blobs,
  adapters: blobs,
  draft_files: blobs,
});

export interface Creation extends Named {
  /** The model it is made from; absent when it is made from uploaded files. */
  readonly from?: string;
}

/** POST /api/create. Files are named by the digests of blobs, which are checked here. */
export function decodeCreation(input: unknown): Creation {
  const asked = decodeNamed(input);
  const { from, files, adapters, draft_files: drafts } = readBody(creation, asked.body);
  const uploads = { ...files, ...adapters, ...drafts };
  if (!from && Object.keys(files ?? {}).length === 0) throw new GatewayError('invalid-request', "neither 'from' or 'files' was specified", { param: 'from' });
  for (const digest of Object.values(uploads)) {
    if (parseDigest(digest) === undefined) throw new GatewayError('invalid-request', 'invalid digest format', { param: 'files' });
  }
  return { ...asked, ...(from && Object.keys(uploads).length === 0 && { from: from.trim() }) };
}

const copy = z.looseObject({ source: z.string().nullish(), destination: z.string().nullish() });

/** POST /api/copy. */
export function decodeCopy(input: unknown): { readonly source: string; readonly destination: string } {
  const { source, destination } = readBody(copy, input);
  return { source: (source ?? '').trim(), destination: (destination ?? '').trim() };
}
