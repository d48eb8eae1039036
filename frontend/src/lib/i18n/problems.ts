/** What went wrong and what to do, by the error's code, in both languages. */

export const problemsEn = {
  rate_limited: {
    title: "You have started a lot in a short time",
    hint: "Your limit lets through only so many runs at once.",
  },
  budget: {
    title: "Today’s budget is used up",
    hint: "Your runs share a budget of tokens or money for each day.",
  },
  tryAgain: "You can try again {{when}}.",
  connection: {
    title: "No connection to the server",
    hint: "Check that Offstage is running and try again.",
  },
  internal: { title: "Something went wrong", hint: "Try again in a minute." },
  unauthenticated: { title: "You are signed out", hint: "Reload the page and sign in." },
  invalid_token: {
    title: "This token isn’t accepted",
    hint: "Check that you copied all of it, or ask for a new one.",
  },
  unavailable: { title: "The server is busy", hint: "Try again in a minute." },
  misconfigured: {
    title: "Offstage is set up wrongly",
    hint: "Whoever runs it must look at the settings.",
  },
  too_many: { title: "Too many requests", hint: "Wait a little and try again." },
  invalid_query: { title: "Some fields can’t be used", hint: "Correct them and try again." },
  too_large: { title: "That’s too much at once", hint: "Send a smaller file or less text." },
  no_material: { title: "There is nothing to work on", hint: "Add material first." },
  not_found: { title: "It isn’t there any more", hint: "Reload the page." },
  conflict: { title: "It changed meanwhile", hint: "Reload the page and try again." },
  session_not_found: { title: "The session is gone", hint: "Go back to the list of sessions." },
  material_not_found: {
    title: "The material is gone",
    hint: "Reload the page: somebody may have deleted it.",
  },
  agent_not_found: {
    title: "There is no such agent",
    hint: "Reload the page. Whoever runs Offstage may have removed it.",
  },
  job_not_found: {
    title: "The run isn’t known any more",
    hint: "Results are kept for a time only. Start it again.",
  },
  job_not_failed: { title: "It hasn’t failed", hint: "Only a failed run can be tried again." },
  version_changed: {
    title: "There is a newer version",
    hint: "Reload the page and make your change in that.",
  },
  too_many_at_once: {
    title: "All places are taken",
    hint: "Try again when a run of yours has ended.",
  },
  nothing_to_export: {
    title: "There is nothing to put into this file",
    hint: "Choose another format.",
  },
  bad_request: { title: "The server can’t read the request", hint: "Reload the page." },
  cross_site: {
    title: "The server takes no requests from this address",
    hint: "Open Offstage at the address that it names when it starts.",
  },
  material_empty: {
    title: "There is no text in it",
    hint: "Check that this is the right file: it is empty or holds only spaces.",
  },
  material_scan: {
    title: "It’s a scan: pictures without text",
    hint: "Run it through text recognition (OCR) and add the result.",
  },
  material_encrypted: {
    title: "It’s locked with a password",
    hint: "Save a copy without the password and add that.",
  },
  material_corrupt: {
    title: "The file is damaged",
    hint: "Download or export it again: it is cut short or isn’t what its name says.",
  },
  material_too_large: {
    title: "It’s too large",
    hint: "Up to 25 MB and a million characters: split it into parts.",
  },
  material_unsupported: {
    title: "This kind of file can’t be read",
    hint: "Save it as PDF, DOCX, TXT, Markdown, HTML, SRT or VTT. Of JSON only chats are read.",
  },
  material_mojibake: {
    title: "The text is garbled",
    hint: "Its encoding was lost before it got here. Open the original and save it as UTF-8.",
  },
  material_mislabelled: {
    title: "It isn’t the kind of file its name says",
    hint: "Export it again from the program it was made in, or rename it to what it is.",
  },
  material_too_slow: {
    title: "It took too long to read",
    hint: "Save it in a simpler form, such as TXT, or split it into parts.",
  },
  material_unreadable: { title: "It can’t be read", hint: "Try another format." },
};

export const problemsRu = {
  rate_limited: {
    title: "Вы запустили слишком много за короткое время",
    hint: "По вашему лимиту столько запусков подряд нельзя.",
  },
  budget: {
    title: "Бюджет на сегодня исчерпан",
    hint: "На ваши запуски каждый день отведено определённое число токенов или денег.",
  },
  tryAgain: "Можно попробовать снова {{when}}.",
  connection: {
    title: "Нет связи с сервером",
    hint: "Проверьте, что Offstage запущен, и попробуйте снова.",
  },
  internal: { title: "Что-то пошло не так", hint: "Попробуйте снова через минуту." },
  unauthenticated: { title: "Вы вышли", hint: "Перезагрузите страницу и войдите." },
  invalid_token: {
    title: "Этот токен не подходит",
    hint: "Проверьте, что скопировали его целиком, или попросите новый.",
  },
  unavailable: { title: "Сервер занят", hint: "Попробуйте снова через минуту." },
  misconfigured: {
    title: "Offstage настроен неверно",
    hint: "Тому, кто его запускает, стоит проверить настройки.",
  },
  too_many: { title: "Слишком много запросов", hint: "Немного подождите и попробуйте снова." },
  invalid_query: {
    title: "Некоторые поля заполнены неверно",
    hint: "Исправьте их и попробуйте снова.",
  },
  too_large: { title: "Слишком много за раз", hint: "Отправьте файл поменьше или меньше текста." },
  no_material: { title: "Работать не с чем", hint: "Сначала добавьте материал." },
  not_found: { title: "Этого больше нет", hint: "Перезагрузите страницу." },
  conflict: {
    title: "Тем временем всё изменилось",
    hint: "Перезагрузите страницу и попробуйте снова.",
  },
  session_not_found: { title: "Этой сессии больше нет", hint: "Вернитесь к списку сессий." },
  material_not_found: {
    title: "Этого материала больше нет",
    hint: "Перезагрузите страницу: возможно, его удалили.",
  },
  agent_not_found: {
    title: "Такого агента нет",
    hint: "Перезагрузите страницу: возможно, тот, кто запускает Offstage, его убрал.",
  },
  job_not_found: {
    title: "Об этом запуске больше ничего не известно",
    hint: "Итоги хранятся недолго. Запустите снова.",
  },
  job_not_failed: {
    title: "Этот запуск удался или ещё идёт",
    hint: "Повторить можно только неудачный.",
  },
  version_changed: {
    title: "Появилась более новая версия",
    hint: "Перезагрузите страницу и внесите правку в неё.",
  },
  too_many_at_once: {
    title: "Все места заняты",
    hint: "Попробуйте снова, когда закончится какой-нибудь из ваших запусков.",
  },
  nothing_to_export: { title: "В такой файл нечего записать", hint: "Выберите другой формат." },
  bad_request: { title: "Сервер не может прочитать запрос", hint: "Перезагрузите страницу." },
  cross_site: {
    title: "С этого адреса сервер запросов не принимает",
    hint: "Откройте Offstage по адресу, который он называет при запуске.",
  },
  material_empty: {
    title: "В нём нет текста",
    hint: "Проверьте, тот ли это файл: он пуст или в нём одни пробелы.",
  },
  material_scan: {
    title: "Это скан: картинки без текста",
    hint: "Распознайте текст (OCR) и добавьте то, что получится.",
  },
  material_encrypted: {
    title: "Файл закрыт паролем",
    hint: "Сохраните копию без пароля и добавьте её.",
  },
  material_corrupt: {
    title: "Файл повреждён",
    hint: "Скачайте или сохраните его заново: он обрезан или это не то, что обещает имя.",
  },
  material_too_large: {
    title: "Файл слишком большой",
    hint: "Можно до 25 МБ и до миллиона знаков: разделите его на части.",
  },
  material_unsupported: {
    title: "Такие файлы прочитать нельзя",
    hint: "Сохраните его как PDF, DOCX, TXT, Markdown, HTML, SRT или VTT. Из JSON читаются только чаты.",
  },
  material_mojibake: {
    title: "Вместо текста — «кракозябры»",
    hint: "Кодировка потерялась ещё до загрузки. Откройте оригинал и сохраните его в UTF-8.",
  },
  material_mislabelled: {
    title: "Это не тот вид файла, что в названии",
    hint: "Сохраните его заново в той программе, где он создан, или исправьте расширение.",
  },
  material_too_slow: {
    title: "Чтение заняло слишком много времени",
    hint: "Сохраните его проще, например в TXT, или разделите на части.",
  },
  material_unreadable: { title: "Его не удалось прочитать", hint: "Попробуйте другой формат." },
};
