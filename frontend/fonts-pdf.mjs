// The only place that knows which font files the PDF engine gets: it reads TrueType, not the web's WOFF2.

import { copyFile, mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import path from "node:path";

const FAMILIES = {
  "source-serif-4": ["400Regular", "400Regular_Italic", "600SemiBold", "600SemiBold_Italic", "700Bold"],
  "source-sans-3": ["400Regular", "400Regular_Italic", "600SemiBold", "700Bold"],
  "noto-sans-arabic": ["400Regular"],
  "noto-sans-hebrew": ["400Regular"],
  "noto-sans-math": ["400Regular"],
  "noto-sans-symbols": ["400Regular"],
  "noto-sans-symbols-2": ["400Regular"],
  "noto-emoji": ["400Regular"],
};

const here = path.dirname(fileURLToPath(import.meta.url));

const fileName = (family, face) =>
  `${family.split("-").map((word) => word[0].toUpperCase() + word.slice(1)).join("")}_${face}.ttf`;

export async function copyPdfFonts(target = path.join(here, "..", "workflow", "static", "build", "fonts-pdf")) {
  await mkdir(target, { recursive: true });
  await Promise.all(
    Object.entries(FAMILIES).flatMap(([family, faces]) =>
      faces.map((face) => {
        const name = fileName(family, face);
        const source = path.join(here, "node_modules", "@expo-google-fonts", family, face, name);
        return copyFile(source, path.join(target, name));
      }),
    ),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await copyPdfFonts(process.argv[2]);
