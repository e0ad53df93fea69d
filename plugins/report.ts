import type { Reservation } from '../src/access/budget.ts';
import type { Services } from '../src/compose.ts';
import type { ChatEvent, Usage } from '../src/core/chat.ts';
import type { ErrorKind, GatewayError } from '../src/core/errors.ts';
import type { Answer } from '../src/core/execute.ts';
import type { RoutePlan } from '../src/core/plan.ts';
import { estimateTokens } from '../src/policy/needs.ts';

/** Characters of an answer that quality estimates may look at. */
const MAX_TEXT = 16_384;

/** Gathers what observers are told when a request ends; tells it once, however it ends. */
export function createReport(services: Pick<Services, 'now' | 'metrics' | 'observe'>, requestId: string, operation: string, keyId?: string) {
  const startedAt = services.now();
  let plan: RoutePlan | undefined;
  let answer: Answer | undefined;
  let firstAt: number | undefined;
  let usage: Usage = {};
  let text = '';
  let reservation: Reservation | undefined;
  let told = false;
  services.metrics.started();

  const tell = (outcome: 'ok' | ErrorKind): void => {
    if (told) return;
    told = true;
    const input = usage.inputTokens ?? (answer === undefined || answer.cache === 'hit' ? 0 : (reservation?.inputTokens ?? 0));
    reservation?.settle(input + (usage.outputTokens ?? estimateTokens(text)));
    const target = answer?.served;
    services.observe({
      type: 'finished',
      requestId,
      operation,
      outcome,
      task: plan?.decision.task ?? 'none',
      strategy: plan?.strategy.kind ?? 'none',
      ...(target !== undefined && { target }),
      pinned: plan?.pinned ?? false,
      cached: answer?.cache === 'hit',
      ...(keyId !== undefined && { keyId }),
      durationMs: services.now() - startedAt,
      ...(firstAt !== undefined && { timeToFirstTokenMs: firstAt - startedAt }),
      usage,
      text,
    });
  };

  return {
    planned: (made: RoutePlan): void => {
      plan = made;
    },
    /** What the caller's budget has set aside for this request. */
    reserved: (made: Reservation): void => {
      reservation = made;
    },
    begun: (begun: Answer): void => {
      answer = begun;
      firstAt = services.now();
    },
    event: (event: ChatEvent): void => {
      if (event.type === 'text' && text.length < MAX_TEXT) text += event.delta;
      else if (event.type === 'finish') usage = event.usage;
    },
    finished: (): void => tell('ok'),
    failed: (error: GatewayError): void => tell(error.kind),
  };
}

export type Report = ReturnType<typeof createReport>;
