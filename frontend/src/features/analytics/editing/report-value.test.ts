import { describe, expect, it } from "vitest";

import type { Analytics } from "@/lib/api/types";

import { bodyOf, newGap, newQuestion, problemsOf, valueOf } from "./report-value";

const span = { materialId: "m", start: 0, end: 9 };
const passage = { text: "A broker may fall.", sources: [span] };
const report = {
  title: "Report",
  topics: [{ title: "Brokers", madeAs: "" }, { title: "Queues", madeAs: "" }],
  gaps: [
    { kind: "term", subject: "TTL", text: "TTL isn’t spelled out.", sources: [span], grounded: true, edited: false },
  ],
  contradictions: [{ text: "30 or 60", statements: [passage, passage], edited: false }],
  earlyTerms: [{ term: "broker", used: passage, defined: passage, edited: false }],
  questions: [
    { question: "What is a broker?", answer: "A server.", topic: "Brokers", sources: [span], grounded: false, edited: false },
  ],
} as unknown as Analytics;

describe("a report in its form", () => {
  it("is sent as it was while nobody changes it, without its figures", () => {
    const { title, gaps, contradictions, earlyTerms, questions } = report;
    expect(bodyOf(valueOf(report))).toEqual({
      title,
      topicTitles: ["Brokers", "Queues"],
      gaps,
      contradictions,
      earlyTerms,
      questions,
    });
  });

  it("claims no source for a person's words", () => {
    const value = valueOf(report);
    const questions = value.questions.map((one) => ({ ...one, question: "A broker is?" }));
    const gaps = value.gaps.map((gap) => ({ ...gap, text: "Nobody says what TTL is." }));
    const sent = bodyOf({ ...value, gaps, questions });
    expect(sent.questions[0]).toMatchObject({ answer: "A server.", topic: "Brokers", sources: [], grounded: true });
    expect(sent.gaps[0]).toMatchObject({ kind: "term", subject: "TTL", sources: [] });
  });

  it("takes a new gap's subject from its text where none is given", () => {
    const value = valueOf(report);
    const gap = { ...newGap(value.gaps), text: " No examples. " };
    expect(gap.key).not.toBe(value.gaps[0]?.key);
    const sent = bodyOf({ ...value, gaps: [...value.gaps, gap] }).gaps[1];
    expect(sent).toMatchObject({ kind: "other", subject: "No examples.", text: "No examples.", sources: [] });
  });

  it("names the topics", () => {
    const value = valueOf(report);
    const topics = value.topics.map((topic, index) => (index === 1 ? { ...topic, title: " Mine " } : topic));
    expect(bodyOf({ ...value, topics }).topicTitles).toEqual(["Brokers", "Mine"]);
    const blank = value.topics.map((topic) => ({ ...topic, title: "" }));
    expect(problemsOf({ ...value, topics: blank })).toHaveProperty(["topics.1.title"], "required");
  });

  it("says where something is missing", () => {
    const value = valueOf(report);
    const questions = [...value.questions, { ...newQuestion(value.questions), question: "Why?" }];
    expect(problemsOf(value)).toEqual({});
    expect(problemsOf({ ...value, title: " ", questions })).toEqual({
      title: "required",
      "questions.1.answer": "required",
    });
  });
});
