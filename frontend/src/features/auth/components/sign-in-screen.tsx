import { useEffect, useState, type SubmitEvent } from "react";
import { useTranslation } from "react-i18next";

import { Preferences } from "@/components/preferences";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { describeError } from "@/lib/i18n/dynamic";

import { useSignIn } from "../api/use-signing";

/** Where a person puts the token that they were given. */
export function SignInScreen({ mode }: { mode: "local" | "token" | "jwt" }) {
  const { t } = useTranslation();
  const [token, setToken] = useState("");
  const signIn = useSignIn();
  useEffect(() => {
    document.title = "Offstage";
  }, []);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (token.trim() !== "" && !signIn.isPending) signIn.mutate(token.trim());
  };
  const problem = signIn.error ? describeError(signIn.error) : undefined;
  return (
    <>
      <header className="mx-auto flex max-w-6xl justify-end gap-1 px-4 py-3 sm:px-6">
        <Preferences />
      </header>
      <main className="mx-auto max-w-md px-4 pt-[8vh] pb-16">
        <h1 className="font-serif text-2xl font-semibold">Offstage</h1>
        <p className="mt-2 mb-6 text-muted">{t(mode === "jwt" ? "auth.hintJwt" : "auth.hint")}</p>
        <form onSubmit={submit} noValidate className="flex flex-col gap-4">
          <TextField
            label={t("auth.token")}
            type="password"
            name="token"
            autoComplete="current-password"
            spellCheck={false}
            value={token}
            onChange={(event) => setToken(event.target.value)}
          />
          {problem && (
            <p role="alert" className="text-sm text-danger">
              {problem.title}. {problem.hint}
            </p>
          )}
          <Button type="submit" variant="primary" disabled={signIn.isPending}>
            {t("auth.signIn")}
          </Button>
        </form>
      </main>
    </>
  );
}
