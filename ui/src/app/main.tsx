import { CSPProvider } from "@base-ui/react/csp-provider";
import { DirectionProvider } from "@base-ui/react/direction-provider";
import { Tooltip } from "@base-ui/react/tooltip";
import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { whenSignedOut } from "../lib/api";
import { speak } from "../lib/locale";
import { makeCache } from "./cache";
import { makeRouter } from "./router";
import "../styles/index.css";

const cache = makeCache();
const router = makeRouter(cache);
whenSignedOut(() => {
  cache.removeQueries({ queryKey: ["session"] });
  void router.invalidate();
});

await speak();
createRoot(document.getElementById("app") as HTMLElement).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <DirectionProvider direction={document.documentElement.dir === "rtl" ? "rtl" : "ltr"}>
        <I18nProvider i18n={i18n}>
          <QueryClientProvider client={cache}>
            <Tooltip.Provider delay={400}>
              <RouterProvider router={router} />
            </Tooltip.Provider>
          </QueryClientProvider>
        </I18nProvider>
      </DirectionProvider>
    </CSPProvider>
  </StrictMode>,
);
