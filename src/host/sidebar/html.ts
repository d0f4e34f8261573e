// The pages, of the sidebar and of the map in an editor: a shell that loads the script and two style sheets under a strict content security policy.
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

/** Folders that the page may load from: its own files, and images of the workspace. */
export function resourceRoots(extensionUri: vscode.Uri): vscode.Uri[] {
  const folders = (vscode.workspace.workspaceFolders ?? []).map(({ uri }) => uri);
  return [vscode.Uri.joinPath(extensionUri, 'dist'), vscode.Uri.joinPath(extensionUri, 'media'), ...folders];
}

/** `page`: which of the two; the script is the same. */
export function pageHtml(webview: vscode.Webview, extensionUri: vscode.Uri, page: 'sidebar' | 'map'): string {
  const uri = (...parts: string[]): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, ...parts)).toString();
  const nonce = randomBytes(16).toString('base64url');
  const source = webview.cspSource;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source}`,
    `font-src ${source}`,
    `img-src ${source}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${vscode.env.language.replaceAll(/[^\w-]/g, '')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Vectorscope</title>
<link rel="stylesheet" id="vscode-codicon-stylesheet" href="${uri('dist', 'codicon.css')}">
<link rel="stylesheet" href="${uri('media', 'sidebar.css')}">
<link rel="stylesheet" href="${uri('media', 'map.css')}">
</head>
<body data-page="${page}">
<div id="app"></div>
<script nonce="${nonce}" src="${uri('dist', 'webview.js')}"></script>
</body>
</html>`;
}
