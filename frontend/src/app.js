// What every page loads. Pages read, comment and decide without it; this makes them feel instant.
import { watchForms } from "./remote.js";
import { openDesk } from "./desk.js";
import { watchMenus } from "./menu.js";
import { watchFocus } from "./focus.js";
import { watchChanges } from "./changes.js";
import { watchProgress } from "./progress.js";
import { openReading } from "./reading.js";
import { watchPlacing } from "./placing.js";

watchMenus();
watchForms();
watchFocus();
watchProgress();
watchChanges();
watchPlacing();
const reading = document.querySelector("[data-reading]");
if (reading) openReading(reading);
if (document.querySelector("[data-desk], [data-answering]")) openDesk();
