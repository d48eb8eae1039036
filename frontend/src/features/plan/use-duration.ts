import { useTranslation } from "react-i18next";

/** Minutes in words: "1 h 30 min". */
export function useDuration() {
  const { t } = useTranslation();
  return (minutes: number) => {
    const hours = Math.floor(minutes / 60);
    if (hours === 0) return t("plan.minutes", { minutes });
    return minutes % 60 === 0
      ? t("plan.hours", { hours })
      : t("plan.hoursMinutes", { hours, minutes: minutes % 60 });
  };
}
