import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/sign-in.css";
import "./styles/shell.css";
import "./styles/sidebar.css";
import "./styles/messages.css";
import "./styles/history.css";
import "./styles/editor.css";
import "./styles/composer.css";
import "./styles/toasts.css";

const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
