import { field } from '../fields.ts';

/** Largest recording, bytes; the hosted API's own limit. */
export const MAX_RECORDING = 25 << 20;

/** POST /v1/audio/transcriptions as it came. */
export interface Transcription {
  readonly model: string;
  readonly file: { readonly bytes: Uint8Array<ArrayBuffer>; readonly filename: string; readonly mediaType: string };
  /** Every other field, in its order; the model behind reads them. */
  readonly fields: readonly (readonly [string, string])[];
}

/** Checks the parts of the form. Throws 'invalid-request' naming the missing one. */
export function decodeTranscription(fields: readonly (readonly [string, string])[], file: Transcription['file'] | undefined): Transcription {
  const model = (fields.find(([name]) => name === 'model')?.[1] ?? '').trim();
  if (model === '') throw field('model', 'model is required');
  if (file === undefined) throw field('file', "file is required: send the recording as the part 'file'.");
  if (file.bytes.length === 0) throw field('file', 'audio file is empty');
  const streamed = fields.find(([name]) => name === 'stream')?.[1];
  if (streamed === 'true') throw field('stream', "'stream': transcriptions come whole here; leave it out.");
  return { model, file, fields: fields.filter(([name]) => name !== 'model') };
}

/** The form again, with the name by which the model's own server knows it. */
export function toForm({ file, fields }: Transcription, model: string): FormData {
  const form = new FormData();
  form.set('model', model);
  for (const [name, value] of fields) form.append(name, value);
  form.set('file', new Blob([file.bytes], { type: file.mediaType }), file.filename);
  return form;
}
