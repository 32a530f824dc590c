import fc from "fast-check"

// The same random inputs in every run; `SEED=7 npm test` tries others.
fc.configureGlobal({ seed: Number(process.env.SEED ?? 20161) })
