import { useEffect } from "react";
import type { ChatClient } from "@atrium/client";

const kSigns = ["pointerdown", "pointermove", "keydown", "wheel", "focus"] as const;

/** Tells the server that somebody sits there, when he does: whoever only reads is not away. */
export function useStir(client: ChatClient): void {
  useEffect(() => {
    const stir = () => client.stir();
    for (const sign of kSigns) window.addEventListener(sign, stir, { passive: true });
    return () => {
      for (const sign of kSigns) window.removeEventListener(sign, stir);
    };
  }, [client]);
}
