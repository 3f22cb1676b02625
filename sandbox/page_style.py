"""The style sheet of the sandbox's pages."""

STYLE = """
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5b6678; --line: #dfe4ec; --ground: #f6f7f9;
  --card: #fff; --link: #2257b5; --good: #1c7a4a; --busy: #9a6200; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7eaf0; --soft: #9aa5b8; --line: #303847;
  --ground: #14181f; --card: #1c222c; --link: #8ab4ff; --good: #67d39b; --busy: #f0b54b; } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
main { max-width: 64rem; margin: 0 auto; padding: 1.5rem 1rem 4rem }
h1 { font-size: 1.7rem; line-height: 1.2; margin: .4rem 0 }
h2 { font-size: 1.2rem; margin: 0 0 .4rem }
h3 { font-size: .95rem; margin: 1.2rem 0 .4rem; color: var(--soft) }
.lead, .note { color: var(--soft); margin: 0 0 1rem } .note { font-size: .85rem }
a { color: var(--link) }
section { background: var(--card); border: 1px solid var(--line); border-radius: .7rem; padding: 1.1rem;
  margin: 1.2rem 0 }
main > h2 { margin-top: 1.6rem }
.figures { list-style: none; display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr));
  gap: .7rem; padding: 0; margin: 1rem 0 .4rem }
.figures li { background: var(--card); border: 1px solid var(--line); border-radius: .7rem;
  padding: .8rem 1rem }
.figures b { display: block; font-size: 1.5rem; font-variant-numeric: tabular-nums }
.figures span { color: var(--soft); font-size: .85rem }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem }
table { border-collapse: collapse; width: 100%; font-size: .92rem }
th, td { text-align: left; padding: .45rem .7rem; border-bottom: 1px solid var(--line); white-space: nowrap }
tbody tr:last-child td { border-bottom: 0 }
th { color: var(--soft); font-weight: 600 }
.n { text-align: right; font-variant-numeric: tabular-nums }
.tag { color: var(--busy); font-weight: 600 } .tag.committed { color: var(--good) }
code { background: var(--ground); border: 1px solid var(--line); border-radius: .3rem; padding: .05rem .3rem }
li { overflow-wrap: anywhere }
"""
