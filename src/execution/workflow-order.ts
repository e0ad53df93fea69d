import type { WorkflowStep } from './workflow-model.ts';

/** Steps in an order in which each comes after what it needs, or the ids of a circle of steps that wait for each other. */
export function orderSteps(steps: readonly WorkflowStep[]): { readonly ordered: readonly WorkflowStep[]; readonly cycle?: readonly string[] } {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const ordered: WorkflowStep[] = [];
  const done = new Set<string>();
  const open: string[] = [];
  let cycle: string[] | undefined;
  const visit = (step: WorkflowStep): void => {
    if (done.has(step.id) || cycle !== undefined) return;
    const at = open.indexOf(step.id);
    if (at !== -1) {
      cycle = [...open.slice(at), step.id];
      return;
    }
    open.push(step.id);
    for (const need of step.needs) {
      const other = byId.get(need);
      if (other !== undefined) visit(other);
    }
    open.pop();
    done.add(step.id);
    ordered.push(step);
  };
  for (const step of steps) visit(step);
  return cycle === undefined ? { ordered } : { ordered: steps, cycle };
}
