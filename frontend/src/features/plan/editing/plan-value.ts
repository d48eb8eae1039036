import { asLine, linesOf } from "@/components/artifacts/editor/list";
import type { ProblemCode } from "@/components/artifacts/editor/problems";
import type { Plan, PlanModule } from "@/lib/api/types";

/** A module as its form holds it. */
export interface ModuleValue {
  /** The module's id. */
  key: string;
  /** As it was saved; null for a new one. */
  before: PlanModule | null;
  title: string;
  minutes: string;
  /** One to a line. */
  objectives: string;
  prerequisites: string[];
  question: string;
  answer: string;
}

export interface PlanValue {
  title: string;
  goal: string;
  level: Plan["level"];
  modules: ModuleValue[];
}

const objectivesOf = (module: PlanModule) =>
  module.objectives.map(({ text }) => asLine(text)).join("\n");

export function valueOf({ title, goal, level, modules }: Plan): PlanValue {
  return {
    title,
    goal,
    level,
    modules: modules.map((module) => ({
      key: module.id,
      before: module,
      title: module.title,
      minutes: String(module.minutes),
      objectives: objectivesOf(module),
      prerequisites: module.prerequisites,
      question: module.check?.question ?? "",
      answer: module.check?.answer ?? "",
    })),
  };
}

export function newModule(others: readonly ModuleValue[]): ModuleValue {
  const taken = new Set(others.map(({ key }) => key));
  let number = 1;
  while (taken.has(`own-${number}`)) number += 1;
  return {
    key: `own-${number}`,
    before: null,
    title: "",
    minutes: "30",
    objectives: "",
    prerequisites: [],
    question: "",
    answer: "",
  };
}

/** Which earlier modules one can build on. A later one is shown while it is chosen, to be undone. */
export function offeredBefore(modules: readonly ModuleValue[], index: number) {
  const chosen = modules[index]?.prerequisites ?? [];
  return modules
    .map(({ key, title }, place) => ({ key, label: `${place + 1}. ${title}`, isWrong: place >= index }))
    .filter(({ key, isWrong }) => !isWrong || chosen.includes(key));
}

/** What nobody can follow any more, because that module is gone, is left out. */
export function withoutGone(modules: ModuleValue[]): ModuleValue[] {
  const there = new Set(modules.map(({ key }) => key));
  return modules.map((module) => {
    const prerequisites = module.prerequisites.filter((id) => there.has(id));
    return prerequisites.length === module.prerequisites.length ? module : { ...module, prerequisites };
  });
}

/** Whole minutes, or undefined for what is no such number. */
export function minutesOf(text: string): number | undefined {
  const minutes = Number(text);
  return /^\d{1,6}$/.test(text.trim()) && minutes >= 1 ? minutes : undefined;
}

export function problemsOf({ title, modules }: PlanValue): Record<string, ProblemCode> {
  const found: [string, ProblemCode | false][] = [["title", title.trim() === "" && "required"]];
  const earlier = new Set<string>();
  for (const [index, module] of modules.entries()) {
    const at = `modules.${index}`;
    const [hasQuestion, hasAnswer] = [module.question.trim() !== "", module.answer.trim() !== ""];
    found.push(
      [`${at}.title`, module.title.trim() === "" && "required"],
      [`${at}.minutes`, minutesOf(module.minutes) === undefined && "wholeNumber"],
      [`${at}.prerequisites`, module.prerequisites.some((id) => !earlier.has(id)) && "comesLater"],
      [`${at}.check.question`, hasAnswer && !hasQuestion && "half"],
      [`${at}.check.answer`, hasQuestion && !hasAnswer && "half"],
    );
    earlier.add(module.key);
  }
  return Object.fromEntries(found.filter((each): each is [string, ProblemCode] => each[1] !== false));
}

function checkOf({ before, question, answer }: ModuleValue): PlanModule["check"] {
  if (question.trim() === "") return null;
  const saved = before?.check;
  // The sources are those of the answer.
  const marks =
    saved?.answer === answer
      ? { sources: saved.sources, grounded: saved.grounded }
      : { sources: [], grounded: true };
  return { question: question.trim(), answer: answer.trim(), ...marks };
}

/** What stands as it stood keeps its sources; the rest is the person's own. */
function bodyOfModule(module: ModuleValue): PlanModule {
  const { before, key, title, minutes, prerequisites } = module;
  const known = new Map(before?.objectives.map((each) => [asLine(each.text), each]));
  return {
    id: key,
    title: title.trim(),
    minutes: minutesOf(minutes) ?? 0,
    objectives: linesOf(module.objectives).map(
      (text) => known.get(asLine(text)) ?? { text, sources: [], grounded: true },
    ),
    prerequisites,
    covers: before?.covers ?? [],
    check: checkOf(module),
    own: before?.own ?? [],
  };
}

export function bodyOf({ title, goal, level, modules }: PlanValue) {
  return { title: title.trim(), goal: goal.trim(), level, modules: modules.map(bodyOfModule) };
}
