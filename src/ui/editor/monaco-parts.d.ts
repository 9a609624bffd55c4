// Parts of Monaco that are imported for what they do, and come without types.

declare module "monaco-editor/editor/browser/coreCommands.js"
declare module "monaco-editor/editor/contrib/suggest/browser/suggestController.js"
