import type { enVersions } from "./versions-en";

export const ruVersions: typeof enVersions = {
  report: {
    grounded: "Найдено в материале: {{grounded}} из {{items}}",
    repaired: "исправлено: {{number}}",
    own: "ваших: {{number}}",
  },
  made: {
    title: "Как он сделан",
    agent: "Агент",
    model: "Модель",
    requests: "Запросов",
    tokens: "Токены",
    inOut: "{{input, number}} на вход, {{output, number}} на выход",
    cost: "Стоимость",
    free: "бесплатно",
    unknown: "неизвестна",
    job: "Запуск (попытка)",
    trace: "Трасса",
  },
  export: {
    title: "Сохранить файлом",
    pdf: "PDF",
    html: "Веб-страница (HTML)",
    md: "Текст (Markdown)",
    anki: "Карточки Anki",
  },
  diff: {
    title: "Сравнить версии",
    since: "Версия {{version}} по сравнению с",
    against: "С чем сравнить",
    counts: "Добавлено: {{added}}, убрано: {{removed}}, изменено: {{changed}}",
    in: "добавлено:",
    out: "убрано:",
  },
};
