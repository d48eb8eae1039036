export const LEVELS = ["beginner", "intermediate", "advanced"] as const;
