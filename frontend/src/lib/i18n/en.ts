import { agentsEn } from "./agents";
import { analyticsEn, planEn, sourcesEn } from "./artifacts";
import { editingEn } from "./editing";
import { failuresEn } from "./failures";
import { jobsEn, progressEn } from "./jobs";
import { materialsEn } from "./materials";
import { pipelineEn } from "./pipeline";
import { problemsEn } from "./problems";
import { sessionsEn } from "./sessions";
import { synopsisEn } from "./synopsis";
import { versionsEn } from "./versions";

/** The page's English, and the list of keys every other language must have. */
export const en = {
  app: {
    tagline: "Notes from your lectures, with every line traced to its source",
    language: "Language",
    theme: "Theme: {{theme}}. Press to change",
    themes: { system: "as the system", light: "light", dark: "dark" },
    skip: "Skip to content",
    connectionLost: "Connection lost, trying again…",
    serverBusy: "The server can’t answer right now, trying again…",
    crashed: "This page broke.",
    reload: "Reload",
    notFound: "There is no such page.",
    toSessions: "All sessions",
  },
  common: {
    cancel: "Cancel",
    close: "Close",
    delete: "Delete",
    save: "Save",
    tryAgain: "Try again",
    dismiss: "Dismiss",
    copied: "Copied",
    copyFailed: "The browser didn’t allow copying",
    chars_one: "{{count, number}} character",
    chars_other: "{{count, number}} characters",
    required: "Fill this in.",
  },
  auth: {
    hint: "Sign in with the token that whoever runs this Offstage gave you.",
    hintJwt: "Sign in where your organisation does and come back, or paste a token from there.",
    token: "Token",
    signIn: "Sign in",
    signOut: "Sign out ({{user}})",
  },
  sessions: sessionsEn,
  materials: materialsEn,
  problems: problemsEn,
  jobs: jobsEn,
  failures: failuresEn,
  pipeline: pipelineEn,
  agents: agentsEn,
  progress: progressEn,
  editing: editingEn,
  versions: versionsEn,
  synopsis: synopsisEn,
  plan: planEn,
  analytics: analyticsEn,
  sources: sourcesEn,
};

type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> };
export type Messages = Shape<typeof en>;
