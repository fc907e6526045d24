/** The chat's style sheet: light and dark by the system's choice, nothing loaded from elsewhere. */
export const styleSheet = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; --line: light-dark(#dfe3ea, #363b45);
  --muted: light-dark(#5b6472, #a5adba); --accent: #2f6feb }
body { margin: 0; background: light-dark(#eef1f6, #16181d) }
main { max-width: 44rem; height: 100vh; margin: auto; display: flex; flex-direction: column;
  background: light-dark(#fff, #1d2026); box-shadow: 0 0 2rem rgb(0 0 0 / .08) }
header { display: flex; gap: .75rem; align-items: center; padding: .75rem 1.25rem; border-bottom: 1px solid var(--line) }
header > div { flex: 1 } h1 { margin: 0; font-size: 1.05rem } header p { margin: 0; font-size: .8rem; color: var(--muted) }
.status { font-size: .8rem; color: var(--muted); text-align: right }
.log { flex: 1; overflow: auto; padding: 1.25rem; display: flex; flex-direction: column; gap: .6rem }
.log:empty::before { content: "Sign in, then ask the model to call a tool."; margin: auto; color: var(--muted) }
.bubble { margin: 0; max-width: 80%; padding: .55rem .9rem; border-radius: 1rem; white-space: pre-wrap; overflow-wrap: anywhere }
.user { align-self: end; background: var(--accent); color: #fff; border-end-end-radius: .25rem }
.assistant { align-self: start; background: light-dark(#eef1f6, #2b2f38); border-end-start-radius: .25rem }
.trouble { align-self: start; background: light-dark(#fdecec, #43262a) }
.note { align-self: center; padding: 0; font-size: .8rem; color: var(--muted) }
.tool { align-self: start; max-width: 85%; padding: .5rem .9rem; border: 1px solid var(--line); border-radius: .6rem;
  font: .8rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere }
.tool b::before { content: "tool "; font-weight: normal; color: var(--muted) }
.tool output { display: block; color: var(--muted) } .tool.failed { border-color: #d1434b } .tool.failed output { color: #d1434b }
.suggestions { display: flex; flex-wrap: wrap; gap: .5rem; padding: .25rem 1.25rem .75rem }
button { font: inherit; cursor: pointer; border-radius: 2rem; border: 1px solid var(--line); background: none; color: inherit; padding: .3rem .8rem }
.suggestions button { font-size: .8rem }
.composer { display: flex; gap: .6rem; padding: .9rem 1.25rem; border-top: 1px solid var(--line) }
.composer input { flex: 1; min-width: 0; padding: .55rem 1rem; font: inherit; border: 1px solid var(--line); border-radius: 2rem; background: transparent; color: inherit }
.send, .sign-in { background: var(--accent); border-color: var(--accent); color: #fff; font-weight: 600 }
body[data-state=busy] .log::after { content: "…"; color: var(--muted) }
body:not([data-state=signed-out]) .sign-in { display: none }`;
