import { LogOut } from "lucide-react";
import { useTranslation } from "react-i18next";

import { IconButton } from "@/components/ui/icon-button";

import { useSignOut } from "../api/use-signing";

interface SignOutButtonProps {
  userId: string;
  onSignedOut: () => void;
}

export function SignOutButton({ userId, onSignedOut }: SignOutButtonProps) {
  const { t } = useTranslation();
  const signOut = useSignOut(onSignedOut);
  return (
    <IconButton
      icon={LogOut}
      label={t("auth.signOut", { user: userId })}
      disabled={signOut.isPending}
      onClick={() => signOut.mutate()}
    />
  );
}
