import { describe, expect, it } from 'vitest';
import { withoutPlaces } from '../../src/providers/upstream-text.ts';

describe('what an upstream says of its failure', () => {
  it.each([
    ['open /root/.ollama/models/blobs/sha256-1: no such file', 'open (path): no such file'],
    ['dial tcp 127.0.0.1:33333: connect: connection refused', 'dial tcp (address): connect: connection refused'],
    ['Get "http://10.0.0.7:11434/api/tags": EOF', 'Get "(address)": EOF'],
    ['lookup http://vllm:8000/v1 failed', 'lookup (address) failed'],
    ['http://user:pass@models.example.com/x is wrong', '(address) is wrong'],
    ['[::1]:8080 and localhost:8000 refused', '(address) and (address) refused'],
    ['cannot load C:\\models\\x.gguf', 'cannot load (path)'],
  ])('loses its places: %s', (said, told) => expect(withoutPlaces(said)).toBe(told));

  it.each([
    'model requires more system memory (9.7 GiB) than is available (4.2 GiB)',
    'see https://docs.vllm.ai/en/latest/models for /v1/chat/completions and /api/chat',
    'temperature must be between 0 and 2, and/or top_p; 1/2 of 3.5',
    "'hf.co/org/model:Q4_K_M' not found",
  ])('is else as it was: %s', (said) => expect(withoutPlaces(said)).toBe(said));
});
