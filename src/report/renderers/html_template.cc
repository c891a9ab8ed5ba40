#include "report/renderers/html_template.h"

#include <string_view>

namespace regtriage {
namespace {

// The policy allows nothing but this very text: its hash stands in the policy, and a test says so
// if they differ (tests/cli/html_test.py prints the right one).
constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--line:#8886;--soft:#8881;--bad:#b3261e;--warn:#8a5a00;--good:#1b6e3c}
@media(prefers-color-scheme:dark){:root{--bad:#ff8a80;--warn:#ffcf70;--good:#7ee0a0}}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.2rem;margin:0}h3{font-size:1rem;margin:1.2rem 0 .3rem}
section{border:1px solid var(--line);border-left:6px solid var(--line);border-radius:6px;padding:1rem 1.2rem;margin:1.2rem 0}
.critical,.high{border-left-color:var(--bad)}.medium{border-left-color:var(--warn)}
.broken{color:var(--bad)}.undecided{color:var(--warn)}.fine{color:var(--good)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem;margin:.8rem 0}dt{opacity:.7}dd{margin:0;overflow-wrap:anywhere}
code,pre{font:.875em/1.45 ui-monospace,monospace}pre{background:var(--soft);padding:.7rem;border-radius:4px;overflow-x:auto;white-space:pre-wrap;overflow-wrap:anywhere;margin:.4rem 0}
ol,ul{margin:.2rem 0;padding-left:1.4rem}li{margin:.2rem 0;overflow-wrap:anywhere}
.line{border-left:3px solid var(--line);padding-left:.7rem;margin:.6rem 0}.line p{margin:.1rem 0;overflow-wrap:anywhere}
.error,.silent{border-left-color:var(--bad)}.proof{border-left-color:var(--good)}.small{opacity:.75;font-size:.875rem}
table{border-collapse:collapse}td,th{border-bottom:1px solid var(--line);padding:.2rem .8rem .2rem 0;text-align:left}
)css";
constexpr std::string_view kStyleHash = "sha256-jQcVUqN8dqnOV17SMgnZDOaxd7HpeKGZ2HRby0QNa7c=";

constexpr std::string_view kPage = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '@HASH@'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{{headline}}</title>
<style>@STYLE@</style>
</head>
<body>
<h1 class="{{kind}}">{{headline}}</h1>
{{#sentences}}<p>{{text}}</p>
{{/sentences}}
{{#findings}}
<section class="{{severity}}">
<h2>{{number}}. {{severity}}: {{title}}</h2>
<dl>
<dt>cause</dt><dd><code>{{cause}}</code></dd>
<dt>how sure</dt><dd>{{sure}}</dd>
<dt>verdict</dt><dd>{{verdict}}</dd>
<dt>state</dt><dd>{{state}}</dd>
{{#subjects}}<dt>{{name}}</dt><dd>{{#items}}<code>{{text}}</code> {{/items}}{{more}}</dd>
{{/subjects}}
<dt>when</dt><dd>{{when}}</dd>
<dt>finding</dt><dd><code>{{id}}</code></dd>
</dl>
<p>{{summary}}</p>
{{#has_lines}}<h3>Lines that show it</h3>
{{#lines}}<div class="line {{role}}"><p class="small">{{place}}</p><p><code>{{text}}</code></p><p>{{meaning}}</p></div>
{{/lines}}
{{#more_lines}}<p class="small">{{text}}</p>{{/more_lines}}{{/has_lines}}
{{#parts}}<h3>{{name}}</h3>
<ul>
{{#items}}<li>{{text}}{{#command}}<pre>{{text}}</pre>{{/command}}</li>
{{/items}}</ul>
{{/parts}}
</section>
{{/findings}}
{{#has_codes}}<h3>Error lines by code</h3>
<table>
{{#codes}}<tr><th scope="row"><code>{{name}}</code></th><td>{{text}}</td></tr>
{{/codes}}</table>{{/has_codes}}
<h3>What was read</h3>
<ul>
{{#sources}}<li>{{text}}</li>
{{/sources}}{{#notes}}<li><strong>note:</strong> {{text}}</li>
{{/notes}}</ul>
<p class="small">{{tool}}</p>
</body>
</html>
)html";

void replace(std::string& text, std::string_view name, std::string_view by) {
  text.replace(text.find(name), name.size(), by);
}

}  // namespace

std::string html_template() {
  std::string page(kPage);
  replace(page, "@HASH@", kStyleHash);
  replace(page, "@STYLE@", kStyle);
  return page;
}

}  // namespace regtriage
