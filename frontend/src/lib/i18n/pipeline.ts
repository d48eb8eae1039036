/** What the page says of agents that run one after another, in both languages. */

export const pipelineEn = {
  start: "Do it all",
  hint: "Plan, notes, analysis and sources, one after another.",
  started: "Started: one after another.",
  known: "All of it is under way already.",
  waitsFor: "Waits for: {{agent}}",
  heldBack: "Held back: {{agents}}. They go on when you try this again.",
};

export const pipelineRu = {
  start: "Сделать всё",
  hint: "План, конспект, аналитика и источники — одно за другим.",
  started: "Начали: одно за другим.",
  known: "Всё это уже делается.",
  waitsFor: "Ждёт: {{agent}}",
  heldBack: "Задержаны: {{agents}}. Продолжатся, когда вы это повторите.",
};
