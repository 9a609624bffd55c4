// Markdown to slides and cells.
//
// A deck is a folder of Markdown files, `NN-name.md`: each is a column, in the order of their names. What a file may hold
// beyond ordinary Markdown and HTML:
//
//   ---                         first line of a file only: front matter, `key: value` lines up to the next `---`.
//   title: Monads               The one key is `title`, the column's; without it the first slide's heading is taken.
//   ---
//
//   ---                         anywhere else, alone on its line and outside of fences: the next slide begins. (A rule
//                               inside a slide is `***`.)
//   # Heading                   every slide has one; its slug is the slide's id, which must be unique in the deck.
//   <!-- .slide: id="x" class="y" data-z="…" -->      attributes of the slide; `id` overrides the slug
//   <!-- .element: class="fragment" -->               attributes of the block before it; at the end of a list item, a
//                                                     paragraph or a heading, of that
//   <!-- .fragments -->                               the list before it is built up, an item at a time
//   Note:                       at the start of a line: the rest of the slide is for the speaker.
//   ![Alternative](diagrams/x.svg)                    addresses are relative to the page; the file is in public/
//
// Fences. The first word is the language, and the words after it say what the block is. A value with spaces is quoted.
//
//   ```ts                                 code to be read
//   ```ts cell=option-monad.ts            a live cell: a file of that name in the deck's project
//   ```ts cell=config.ts group=www entry  a tab of the cell `www`. Its file is `www/config.ts`, which is also what `of=` and
//   ```html cell=htdocs/index.html group=www          imports call it. Tabs are in the order of the fences, and exactly one
//                                         is the `entry`, the file that runs. The cell stands where its first fence stands.
//   ```ts cell=lib.ts hidden              the file exists, and is not shown
//   ```ts cell=puzzle.ts wrong            the cell is meant to have a type error; it is a mistake if it has none
//   ```ts cell=config.ts group=www src=src/unikernels/www/config.ts    the text is that of a file; the fence is empty
//   ```output of=option-monad.ts          what the cell prints: value lines `val x : number = 1`, then what was printed
//   ```ocaml of=option-monad.ts           the OCaml that the cell is the equivalent of: its last tab
//   ```ts check of=x.ts    ```md hint of=x.ts    ```ts solution of=x.ts        of an exercise; any number of hints
//   ```chart                              JSON, a table to be plotted: see figures.ts
//   ```table-data caption="…"             CSV, the first line its headings: a table
//
// A mistake in any of this stops the build, with every mistake's file and line (problems.ts).
