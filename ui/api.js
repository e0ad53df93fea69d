const KEY = 'orchestrator.key';

/** What went wrong, in the gateway's words where it answered. */
export class ApiError extends Error {
  /**
   * @param {number} status HTTP status; 0 when no answer came.
   * @param {string} message
   */
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/**
 * The gateway as the page calls it. Where it answers 401, `askKey` is asked once for all calls waiting.
 * @param {{ askKey: (wrong: boolean) => Promise<string | undefined>, keyChanged: () => void }} options
 */
export function createApi({ askKey, keyChanged }) {
  /** @type {Promise<string | undefined> | undefined} */
  let asking;
  let declined = false;

  const key = () => sessionStorage.getItem(KEY) ?? undefined;
  /** @param {string | undefined} value */
  const setKey = (value) => {
    if (value === undefined) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, value);
    declined = false;
    keyChanged();
  };

  /** @param {string | undefined} refused The key that was refused. */
  const obtainKey = async (refused) => {
    // Another call may have brought a better one meanwhile.
    if (key() !== refused) return key();
    if (refused !== undefined) sessionStorage.removeItem(KEY);
    asking ??= askKey(refused !== undefined).then((given) => {
      asking = undefined;
      declined = given === undefined;
      if (given !== undefined) {
        sessionStorage.setItem(KEY, given);
        keyChanged();
      }
      return given;
    });
    return asking;
  };

  /**
   * One call; throws ApiError for every answer that is not 2xx and when none comes.
   * @param {string} path
   * @param {{ body?: object, signal?: AbortSignal, quiet?: boolean }} [options] quiet: does not ask for a key again once that was declined.
   * @returns {Promise<Response>}
   */
  const call = async (path, options = {}) => {
    for (;;) {
      const used = key();
      /** @type {Record<string, string>} */
      const headers = {};
      if (used !== undefined) headers.authorization = `Bearer ${used}`;
      if (options.body !== undefined) headers['content-type'] = 'application/json';
      const response = await fetch(path, {
        method: options.body === undefined ? 'GET' : 'POST',
        headers,
        credentials: 'omit',
        cache: 'no-store',
        ...(options.body !== undefined && { body: JSON.stringify(options.body) }),
        ...(options.signal !== undefined && { signal: options.signal }),
      }).catch((error) => {
        if (options.signal?.aborted) throw error;
        throw new ApiError(0, '');
      });
      if (response.ok) return response;
      const refusal = new ApiError(response.status, await messageOf(response));
      if (response.status !== 401 || (options.quiet === true && declined)) throw refusal;
      if ((await obtainKey(used)) === undefined) throw refusal;
    }
  };

  return {
    call,
    /**
     * @param {string} path
     * @param {{ body?: object, signal?: AbortSignal, quiet?: boolean }} [options]
     * @returns {Promise<any>}
     */
    json: async (path, options) => (await call(path, options)).json(),
    hasKey: () => key() !== undefined,
    setKey,
  };
}

/** @typedef {ReturnType<typeof createApi>} Api */

/** @param {Response} response */
async function messageOf(response) {
  const text = await response.text().catch(() => '');
  try {
    const { error } = JSON.parse(text);
    const message = typeof error === 'string' ? error : error?.message;
    return typeof message === 'string' ? message : '';
  } catch {
    return '';
  }
}

/**
 * The events of a server-sent stream; comments are left out.
 * @param {Response} response
 * @returns {AsyncGenerator<{ event: string, data: string }>}
 */
export async function* readEvents(response) {
  if (response.body === null) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  let event = 'message';
  /** @type {string[]} */
  let data = [];
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const text = line.endsWith('\r') ? line.slice(0, -1) : line;
        if (text === '') {
          if (data.length > 0) yield { event, data: data.join('\n') };
          event = 'message';
          data = [];
        } else if (text.startsWith('event:')) event = text.slice(6).trim();
        else if (text.startsWith('data:')) data.push(text.slice(5).replace(/^ /, ''));
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/**
 * Calls again and again while the page is seen; pauses for good where the key does not suffice, until `restart`.
 * @template T
 * @param {{ load: () => Promise<T>, everyMs: number, onData: (value: T) => void, onError: (error: ApiError) => void }} options
 */
export function createPoll({ load, everyMs, onData, onError }) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let round = 0;
  const tick = async () => {
    const own = ++round;
    clearTimeout(timer);
    let wait = everyMs;
    if (!document.hidden) {
      try {
        const value = await load();
        if (own !== round) return;
        onData(value);
      } catch (thrown) {
        if (own !== round) return;
        const error = thrown instanceof ApiError ? thrown : new ApiError(0, String(thrown));
        onError(error);
        // A key that does not suffice will not suffice in five seconds either.
        if (error.status === 401 || error.status === 403) return;
        wait = Math.max(everyMs, 5_000);
      }
    }
    timer = setTimeout(tick, wait);
  };
  return { restart: tick };
}
