import type { EngineLibrary } from './engine-package.ts';
import { type FetchCall, type ModelSource, unreachable } from './model-source.ts';

const SITE = 'https://huggingface.co';

/** Asks whether the file is there and is the one that is pinned, before hundreds of megabytes are fetched. */
async function probe(call: FetchCall, url: string, connectMs: number): Promise<void> {
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(connectMs)]);
  const answer = await fetch(url, { method: 'HEAD', redirect: 'manual', signal }).catch((error: unknown) => {
    call.signal.throwIfAborted();
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    throw unreachable(timedOut ? `no answer within ${connectMs / 1000} s` : 'cannot be reached from this network');
  });
  if (answer.status >= 400) throw new Error(`it answered ${answer.status}`);
  const hash = answer.headers.get('x-linked-etag')?.replaceAll('"', '').replace(/^W\//, '');
  if (hash !== undefined && /^[0-9a-f]{64}$/.test(hash) && hash !== call.file.sha256) throw new Error('it is not the pinned file any more');
}

/** Hugging Face, by the engine's own downloader (parallel connections). */
export function createHuggingFaceSource(options: {
  /** How long the first answer may take, in ms. */
  readonly connectMs: number;
  /** The engine's library, whose downloader fetches. */
  readonly library: () => Promise<EngineLibrary>;
  /** Another site with the same paths. */
  readonly site?: string;
}): ModelSource {
  return {
    name: 'Hugging Face',
    offers: (file) => file.huggingFace !== undefined,
    fetch: async (call) => {
      const path = call.file.huggingFace;
      if (path === undefined) throw new Error('not at Hugging Face');
      const [user, repository, ...file] = path.split('/');
      const url = `${options.site ?? SITE}/${user}/${repository}/resolve/main/${file.join('/')}`;
      await probe(call, url, options.connectMs);
      const { createModelDownloader } = await options.library().catch(() => {
        throw unreachable('the engine with its downloader is not installed');
      });
      const downloader = await createModelDownloader({
        modelUri: url,
        dirPath: call.staging,
        fileName: call.file.file,
        skipExisting: false,
        onProgress: ({ downloadedSize, totalSize }) => call.progress(downloadedSize, totalSize),
      });
      return downloader.download({ signal: call.signal });
    },
  };
}
