import type { AnnotationBase, Explanation } from '@colloquy/core';
import { api, ApiError, type ExplainedMessage } from './api.js';
import { byId, element } from './element.js';
import { entityTitle, percent, plain } from './wording.js';

/** Shows why a message got its annotations, made anew by the runner. */
export function explainPanel(): (messageId: string) => void {
  const dialog = byId<HTMLDialogElement>('explanation');
  const body = byId('explanation-body');
  let latest = 0;

  return (messageId) => {
    const turn = ++latest;
    body.replaceChildren(element('p', { class: 'note' }, 'Asking the pipeline…'));
    if (!dialog.open) dialog.showModal();
    api.explain(messageId).then(
      (message) => turn === latest && body.replaceChildren(...sections(message)),
      (error: unknown) => turn === latest && body.replaceChildren(element('p', { class: 'note problem' }, error instanceof ApiError ? error.message : 'It could not be explained.')),
    );
  };
}

function sections({ ann, faults, pipeline }: ExplainedMessage): readonly HTMLElement[] {
  const slots = Object.entries(ann) as readonly (readonly [string, AnnotationBase])[];
  return [
    ...slots.map(([slot, annotation]) =>
      element(
        'section',
        {},
        element('h3', {}, plain(slot), ' ', element('strong', {}, resultOf(slot, ann))),
        ...(annotation.why === undefined ? [] : reasons(annotation.why)),
        element('p', { class: 'facts' }, [annotation.source.stage, annotation.source.model].filter((item) => item !== undefined).join(' · ')),
      ),
    ),
    ...faults.map(({ stage, code }) => element('p', { class: 'chip fault' }, `${stage} failed: ${code}`)),
    element('p', { class: 'facts' }, `Pipeline: ${pipeline.join(' → ')}`),
  ];
}

function resultOf(slot: string, ann: ExplainedMessage['ann']): string {
  if (slot === 'intent' && ann.intent !== undefined) return `${plain(ann.intent.name)} (${percent(ann.intent.score)})`;
  if (slot === 'language' && ann.language !== undefined) return `${ann.language.code} (${percent(ann.language.score)})`;
  if (slot === 'sentiment' && ann.sentiment !== undefined) return `${ann.sentiment.label} (${ann.sentiment.score.toFixed(2)})`;
  if (slot === 'entities' && ann.entities !== undefined) return ann.entities.items.map(entityTitle).join(', ') || 'none';
  if (slot === 'media' && ann.media !== undefined) return ann.media.items.map(({ kind, verdict }) => `${kind} ${verdict}`).join(', ');
  return '';
}

function reasons({ summary, evidence, threshold, runnerUp }: Explanation): readonly HTMLElement[] {
  const most = Math.max(...evidence.map(({ weight }) => Math.abs(weight)), Number.MIN_VALUE);
  const facts = [
    threshold === undefined ? '' : `threshold ${threshold}`,
    runnerUp === undefined ? '' : `next best ${plain(runnerUp.name)} (${percent(runnerUp.score)})`,
  ].filter((fact) => fact !== '');
  return [
    element('p', {}, summary),
    ...(evidence.length === 0
      ? []
      : [
          element(
            'ul',
            { class: 'evidence' },
            ...evidence.map(({ what, weight }) => element('li', {}, element('span', {}, what), element('meter', { min: '0', max: '1', value: String(Math.abs(weight) / most), 'aria-label': `weight of ${what}` }), element('span', { class: 'weight' }, weight.toFixed(2)))),
          ),
        ]),
    ...(facts.length === 0 ? [] : [element('p', { class: 'facts' }, facts.join(' · '))]),
  ];
}
