/** What the page says of sessions and their settings, in both languages. */

export const sessionsEn = {
  title: "Sessions",
  new: "New session",
  newHint: "One lecture, one topic or one course: whatever you want notes on.",
  create: "Create",
  edit: "Session settings",
  emptyTitle: "No sessions yet",
  emptyText:
    "Create one, drop a lecture into it, and notes will be ready in a moment.",
  fields: {
    title: "Title",
    titlePlaceholder: "For example, Machine learning, lecture 5",
    goal: "What for",
    goalPlaceholder: "Prepare for the exam",
    focus: "What to pay attention to",
    focusPlaceholder: "Definitions and proofs",
    tone: "Tone",
    tonePlaceholder: "Simple and short",
    language: "Language of the notes",
    languages: { auto: "As in the material", ru: "Russian", en: "English" },
  },
  more: "Goal, focus, tone, language",
  showMore: "Show more",
  deleteTitle: "Delete “{{title}}”?",
  deleteText: "Its material and notes will go with it. This can’t be undone.",
  notFoundTitle: "There is no such session",
  notFoundText: "It was deleted, or the link is wrong.",
};

export const sessionsRu = {
  title: "Сессии",
  new: "Новая сессия",
  newHint: "Лекция, тема или целый курс: то, по чему нужен конспект.",
  create: "Создать",
  edit: "Настройки сессии",
  emptyTitle: "Сессий пока нет",
  emptyText:
    "Создайте первую, перетащите в неё лекцию, и через мгновение конспект будет готов.",
  fields: {
    title: "Название",
    titlePlaceholder: "Например, Машинное обучение, лекция 5",
    goal: "Для чего",
    goalPlaceholder: "Подготовиться к экзамену",
    focus: "На что обратить внимание",
    focusPlaceholder: "Определения и доказательства",
    tone: "Тон",
    tonePlaceholder: "Просто и коротко",
    language: "Язык конспекта",
    languages: { auto: "Как в материале", ru: "Русский", en: "Английский" },
  },
  more: "Цель, акценты, тон, язык",
  showMore: "Показать ещё",
  deleteTitle: "Удалить «{{title}}»?",
  deleteText: "Вместе с ней удалятся материалы и конспект. Вернуть их будет нельзя.",
  notFoundTitle: "Такой сессии нет",
  notFoundText: "Её удалили, или ссылка неверна.",
};
