/** About a version of the notes: how it was made, checked, saved and compared. */
export const enVersions = {
  report: {
    grounded: "Found in the material: {{grounded}} of {{items}}",
    repaired: "put right: {{number}}",
    own: "your own: {{number}}",
  },
  made: {
    title: "How it was made",
    agent: "Agent",
    model: "Model",
    requests: "Requests",
    tokens: "Tokens",
    inOut: "{{input, number}} in, {{output, number}} out",
    cost: "Cost",
    free: "nothing",
    unknown: "not known",
    job: "Run (attempt)",
    trace: "Trace",
  },
  export: {
    title: "Save as a file",
    pdf: "PDF",
    html: "Web page (HTML)",
    md: "Text (Markdown)",
    anki: "Anki cards",
  },
  diff: {
    title: "Compare versions",
    since: "Version {{version}} compared with",
    against: "Compare with",
    counts: "Added: {{added}}, removed: {{removed}}, changed: {{changed}}",
    in: "added:",
    out: "removed:",
  },
};
