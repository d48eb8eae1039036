import { agentsRu } from "./agents";
import { analyticsRu, planRu, sourcesRu } from "./artifacts";
import { editingRu } from "./editing";
import type { Messages } from "./en";
import { failuresRu } from "./failures";
import { jobsRu, progressRu } from "./jobs";
import { materialsRu } from "./materials";
import { pipelineRu } from "./pipeline";
import { problemsRu } from "./problems";
import { sessionsRu } from "./sessions";
import { synopsisRu } from "./synopsis";
import { versionsRu } from "./versions";

/** Russian has the plural forms `few` and `many` besides English's two. */
interface RussianPlurals {
  common: { chars_few: string; chars_many: string };
  synopsis: {
    ungroundedCount_few: string;
    ungroundedCount_many: string;
    goneCount_few: string;
    goneCount_many: string;
  };
}

export const ru: Messages & RussianPlurals = {
  app: {
    tagline: "Конспекты ваших лекций, где у каждой строки есть источник",
    language: "Язык",
    theme: "Тема: {{theme}}. Нажмите, чтобы сменить",
    themes: { system: "как в системе", light: "светлая", dark: "тёмная" },
    skip: "К содержанию",
    connectionLost: "Связь потеряна, пробуем снова…",
    serverBusy: "Сервер пока не может ответить, пробуем снова…",
    crashed: "Страница сломалась.",
    reload: "Перезагрузить",
    notFound: "Такой страницы нет.",
    toSessions: "Все сессии",
  },
  common: {
    cancel: "Отмена",
    close: "Закрыть",
    delete: "Удалить",
    save: "Сохранить",
    tryAgain: "Повторить",
    dismiss: "Убрать",
    copied: "Скопировано",
    copyFailed: "Браузер не разрешил скопировать",
    chars_one: "{{count, number}} знак",
    chars_few: "{{count, number}} знака",
    chars_many: "{{count, number}} знаков",
    chars_other: "{{count, number}} знака",
    required: "Заполните это поле.",
  },
  auth: {
    hint: "Войдите по токену: его выдаёт тот, кто запустил этот Offstage.",
    hintJwt: "Войдите там, где входят в вашей организации, и вернитесь, или вставьте токен оттуда.",
    token: "Токен",
    signIn: "Войти",
    signOut: "Выйти ({{user}})",
  },
  sessions: sessionsRu,
  materials: materialsRu,
  problems: problemsRu,
  jobs: jobsRu,
  failures: failuresRu,
  pipeline: pipelineRu,
  agents: agentsRu,
  progress: progressRu,
  editing: editingRu,
  versions: versionsRu,
  synopsis: synopsisRu,
  plan: planRu,
  analytics: analyticsRu,
  sources: sourcesRu,
};
