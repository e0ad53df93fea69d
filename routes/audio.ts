import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { GatewayError } from '../src/core/errors.ts';
import { decodeTranscription, MAX_RECORDING, type Transcription } from '../src/dialects/openai/transcriptions.ts';

const LIMITS = { files: 1, fields: 30, parts: 31, fieldNameSize: 100, fieldSize: 65_536, headerPairs: 50, fileSize: MAX_RECORDING };

/** OpenAI's transcriptions. The recording goes to the server of a model that hears, with all its fields. */
export default async function audio(app: FastifyInstance): Promise<void> {
  await app.register(multipart, { limits: LIMITS });

  app.post('/v1/audio/transcriptions', { config: { operation: 'transcription' } }, async (request, reply) => {
    if (!request.isMultipart()) throw new GatewayError('invalid-request', 'A recording is sent as multipart/form-data with the parts `model` and `file`.');
    const fields: [string, string][] = [];
    let file: Transcription['file'] | undefined;
    try {
      for await (const part of request.parts({ limits: LIMITS })) {
        if (part.type === 'field') fields.push([part.fieldname, String(part.value)]);
        else if (part.fieldname !== 'file') throw new GatewayError('invalid-request', "The part with the recording must be called 'file'.", { param: 'file' });
        else file = { bytes: new Uint8Array(await part.toBuffer()), filename: part.filename, mediaType: part.mimetype };
      }
    } catch (error) {
      // The form reader throws plain errors for what a client got wrong.
      const plain = error instanceof Error && !(error instanceof GatewayError) && !('statusCode' in error);
      throw plain ? new GatewayError('invalid-request', `failed to parse multipart form: ${error.message.slice(0, 200)}`, { cause: error }) : error;
    }
    return app.transcribe(request, reply, decodeTranscription(fields, file));
  });
}
