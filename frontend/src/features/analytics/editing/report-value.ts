import { freshKey } from "@/components/artifacts/editor/list";
import type { ProblemCode } from "@/components/artifacts/editor/problems";
import type { Analytics } from "@/lib/api/types";

type Topic = Analytics["topics"][number];
type Gap = Analytics["gaps"][number];
type Contradiction = Analytics["contradictions"][number];
type EarlyTerm = Analytics["earlyTerms"][number];
type Question = Analytics["questions"][number];

/** A finding as its form holds it; `before` is what was saved, null for a new one. */
interface Row<Before> {
  key: string;
  before: Before;
}

export type TopicValue = Row<Topic> & Pick<Topic, "title">;
export type GapValue = Row<Gap | null> & Pick<Gap, "text" | "subject">;
export type ContradictionValue = Row<Contradiction> & Pick<Contradiction, "text">;
export type TermValue = Row<EarlyTerm> & Pick<EarlyTerm, "term">;
export type QuestionValue = Row<Question | null> & Pick<Question, "question" | "answer">;

export interface ReportValue {
  title: string;
  topics: TopicValue[];
  gaps: GapValue[];
  contradictions: ContradictionValue[];
  earlyTerms: TermValue[];
  questions: QuestionValue[];
}

const row = <T>(before: T, index: number) => ({ key: String(index), before });

export function valueOf(report: Analytics): ReportValue {
  return {
    title: report.title,
    topics: report.topics.map((topic, index) => ({ ...row(topic, index), title: topic.title })),
    gaps: report.gaps.map((gap, index) => ({
      ...row(gap, index),
      text: gap.text,
      subject: gap.subject,
    })),
    contradictions: report.contradictions.map((one, index) => ({ ...row(one, index), text: one.text })),
    earlyTerms: report.earlyTerms.map((one, index) => ({ ...row(one, index), term: one.term })),
    questions: report.questions.map((one, index) => ({
      ...row(one, index),
      question: one.question,
      answer: one.answer,
    })),
  };
}

export function newGap(others: readonly GapValue[]): GapValue {
  return { key: freshKey(others), before: null, text: "", subject: "" };
}

export function newQuestion(others: readonly QuestionValue[]): QuestionValue {
  return { key: freshKey(others), before: null, question: "", answer: "" };
}

/** The places of the fields that say nothing. */
function blanks<T>(list: string, rows: readonly T[], fields: readonly (keyof T & string)[]) {
  return rows.flatMap((held, index) =>
    fields
      .filter((field) => String(held[field]).trim() === "")
      .map((field) => `${list}.${index}.${field}`),
  );
}

export function problemsOf(report: ReportValue): Record<string, ProblemCode> {
  const blank = [
    ...(report.title.trim() === "" ? ["title"] : []),
    ...blanks("topics", report.topics, ["title"]),
    ...blanks("gaps", report.gaps, ["text"]),
    ...blanks("contradictions", report.contradictions, ["text"]),
    ...blanks("earlyTerms", report.earlyTerms, ["term"]),
    ...blanks("questions", report.questions, ["question", "answer"]),
  ];
  return Object.fromEntries(blank.map((at) => [at, "required"]));
}

const SUBJECT_CHARS = 80;

/** A person's words claim no place in the material. */
const OWN = { sources: [], grounded: true, edited: true };

function gapOf({ before, text, subject }: GapValue): Gap {
  if (before?.text === text && before.subject === subject) return before;
  const said = text.trim();
  return {
    ...OWN,
    kind: before?.kind ?? "other",
    subject: subject.trim() || said.slice(0, SUBJECT_CHARS),
    text: said,
  };
}

function questionOf({ before, question, answer }: QuestionValue): Question {
  if (before?.question === question && before.answer === answer) return before;
  return { ...OWN, question: question.trim(), answer: answer.trim(), topic: before?.topic ?? "" };
}

export function bodyOf(report: ReportValue) {
  const { title, topics, gaps, contradictions, earlyTerms, questions } = report;
  return {
    title: title.trim(),
    topicTitles: topics.map((topic) => topic.title.trim()),
    gaps: gaps.map(gapOf),
    contradictions: contradictions.map(({ before, text }) => ({ ...before, text: text.trim() })),
    earlyTerms: earlyTerms.map(({ before, term }) => ({ ...before, term: term.trim() })),
    questions: questions.map(questionOf),
  };
}
