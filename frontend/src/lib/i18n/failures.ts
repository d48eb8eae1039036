/** Why a run failed and what to do about it, by the error's code, in both languages. */

export const failuresEn = {
  cancelled: { title: "You cancelled it", hint: "Start it again whenever you like." },
  timeout: {
    title: "It took longer than a run may take and was stopped",
    hint: "Try again. If it happens again, split the material, or ask whoever runs Offstage for more time.",
  },
  crashed: {
    title: "The process that worked on it died",
    hint: "Try again. If it dies again, the worker’s log tells whoever runs Offstage why.",
  },
  provider_busy: {
    title: "The language model’s provider is overloaded or can’t be reached",
    hint: "It was tried several times, and there is nothing to repair here. Try again later.",
  },
  provider_refused: {
    title: "The language model’s provider refused the request",
    hint: "Whoever runs Offstage should check the key, the model’s name and the account’s credit; the details say which.",
  },
  invalid_output: {
    title: "The model’s answers had the wrong form, also when asked again",
    hint: "Try again. If it goes on, whoever runs Offstage should choose another model.",
  },
  budget: {
    title: "The budget of tokens, money or requests is used up",
    hint: "Try again tomorrow or with less material, or ask whoever runs Offstage for a larger budget.",
  },
  expired: {
    title: "It waited too long in the queue",
    hint: "Try again. If it goes on waiting, whoever runs Offstage should look whether a worker is running.",
  },
  agent_error: {
    title: "The agent has a mistake in it",
    hint: "Trying again will hardly help: send the details to whoever looks after the agent.",
  },
  fetch_failed: {
    title: "A site that the agent asks refused or gave no usable answer",
    hint: "Try again later. If it goes on, whoever runs Offstage should check the network and the address.",
  },
  unavailable: { title: "The database or the queue was away", hint: "Try again in a minute." },
  internal: {
    title: "Something went wrong on the server",
    hint: "Try again in a minute. If it happens again, send the details to whoever runs Offstage.",
  },
  unknown: { title: "The run failed", hint: "The details say why." },
  details: "Details for whoever repairs it",
  copyDetails: "Copy the details",
};

export const failuresRu = {
  cancelled: { title: "Вы отменили запуск", hint: "Его можно начать снова в любое время." },
  timeout: {
    title: "Запуск длился дольше, чем можно, и остановлен",
    hint: "Попробуйте снова. Если это повторится, разделите материал или попросите больше времени у того, кто запускает Offstage.",
  },
  crashed: {
    title: "Процесс, который это делал, аварийно завершился",
    hint: "Попробуйте снова. Если это повторится, тот, кто запускает Offstage, найдёт причину в журнале воркера.",
  },
  provider_busy: {
    title: "Поставщик языковой модели перегружен или недоступен",
    hint: "Попыток было несколько, и исправлять здесь нечего. Попробуйте позже.",
  },
  provider_refused: {
    title: "Поставщик языковой модели отклонил запрос",
    hint: "Тому, кто запускает Offstage, стоит проверить ключ, название модели и баланс: что именно, сказано в подробностях.",
  },
  invalid_output: {
    title: "Модель отвечала не в том виде, даже когда её переспросили",
    hint: "Попробуйте снова. Если это повторится, тому, кто запускает Offstage, стоит выбрать другую модель.",
  },
  budget: {
    title: "Бюджет токенов, денег или запросов исчерпан",
    hint: "Попробуйте завтра или с меньшим материалом либо попросите увеличить бюджет у того, кто запускает Offstage.",
  },
  expired: {
    title: "Запуск слишком долго ждал в очереди",
    hint: "Попробуйте снова. Если он снова не начнётся, тому, кто запускает Offstage, стоит проверить, работает ли воркер.",
  },
  agent_error: {
    title: "В агенте ошибка",
    hint: "Повтор вряд ли поможет: отправьте подробности тому, кто отвечает за агента.",
  },
  fetch_failed: {
    title: "Сайт, к которому обращается агент, отказал или не дал полезного ответа",
    hint: "Попробуйте позже. Если это повторится, тому, кто запускает Offstage, стоит проверить сеть и адрес.",
  },
  unavailable: {
    title: "База данных или очередь были недоступны",
    hint: "Попробуйте снова через минуту.",
  },
  internal: {
    title: "На сервере что-то пошло не так",
    hint: "Попробуйте снова через минуту. Если это повторится, отправьте подробности тому, кто запускает Offstage.",
  },
  unknown: { title: "Запуск не удался", hint: "Причина — в подробностях." },
  details: "Подробности для того, кто будет исправлять",
  copyDetails: "Скопировать подробности",
};
