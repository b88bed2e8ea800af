#include "core/report/page.h"

#include "core/report/html.h"
#include "core/report/outlines.h"

namespace ccx::report {
namespace {

constexpr const char* kBegin = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n";
// By which ccx knows its own pages.
constexpr const char* kGenerator = "<meta name=\"generator\" content=\"ccx report\">\n";
constexpr const char* kPolicy =
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta "
    "http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'; ";

constexpr const char* kStyle = R"css(
:root{color-scheme:light dark;--bg:#f6f6f3;--card:#fff;--ink:#1d2226;--soft:#5c666e;--line:#d9dbd6;--blue:#1f6f8b;--orange:#c4622d;--red:#b3261e;--focus:#0b57d0}
@media (prefers-color-scheme:dark){:root{--bg:#14171a;--card:#1e2327;--ink:#e8eaec;--soft:#a0a9b0;--line:#343b41;--blue:#5fb3cf;--orange:#e8935f;--red:#f2867f;--focus:#8ab4f8}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.45 system-ui,sans-serif}
header,main,footer{max-width:1500px;margin:0 auto;padding:0 16px}
header{padding-top:20px}h1{font-size:1.5rem;margin:0;overflow-wrap:anywhere}header p{margin:2px 0 16px;color:var(--soft)}
.summary{display:flex;flex-wrap:wrap;gap:20px;align-items:flex-start;margin-bottom:20px}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;background:var(--card);border:1px solid var(--line)}
table caption{text-align:left;font-weight:600;padding:0 0 6px}
th,td{padding:4px 12px;text-align:right;border-top:1px solid var(--line);white-space:nowrap}
tbody th{text-align:left;font-weight:500}td small{display:block;color:var(--soft);font-size:.75rem}
.side{flex:1 1 420px;min-width:0;display:flex;flex-direction:column;gap:20px}
.charts{display:flex;flex-wrap:wrap;gap:20px}
.charts figure{margin:0;flex:1 1 260px;max-width:420px}.charts figcaption{font-weight:600;margin-bottom:6px;display:flex;flex-wrap:wrap;gap:2px 12px;justify-content:space-between}
.legend{font-weight:400;color:var(--soft);font-size:.85rem}.key{display:inline-block;width:.7em;height:.7em;margin:0 .3em 0 .6em;background:var(--blue)}.key.other{background:var(--orange)}
svg{width:100%;height:auto;display:block}svg text{font-size:11px;fill:var(--soft)}.bar{fill:var(--blue)}.bar.other{fill:var(--orange)}.axis{stroke:var(--soft);fill:none}
.controls{position:sticky;top:0;z-index:2;background:var(--bg);border-bottom:1px solid var(--line);padding:8px 0;margin-bottom:14px;display:flex;flex-wrap:wrap;gap:8px 16px;align-items:center}
fieldset{border:0;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:6px;min-width:0}legend{position:absolute;clip-path:inset(50%);width:1px;height:1px;overflow:hidden}
fieldset label{position:relative}fieldset input{position:absolute;opacity:0;inset:0;margin:0;width:100%;height:100%;cursor:pointer}
fieldset span{display:block;padding:5px 11px;border:1px solid var(--line);border-radius:999px;background:var(--card);font-size:.9rem}fieldset b{font-weight:600;color:var(--soft)}
fieldset input:checked+span{background:var(--ink);color:var(--bg);border-color:var(--ink)}fieldset input:checked+span b{color:inherit}
fieldset input:focus-visible+span,select:focus-visible,input[type=search]:focus-visible,summary:focus-visible,.card:focus-visible{outline:3px solid var(--focus);outline-offset:2px}
.field{font-size:.9rem;color:var(--soft)}select,input[type=search]{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--line);border-radius:6px;padding:5px 8px;max-width:100%}
output{color:var(--soft);font-size:.9rem;margin-left:auto}
.gallery{list-style:none;margin:0;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,330px),1fr));gap:14px}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px;content-visibility:auto;contain-intrinsic-size:auto 340px;min-width:0;scroll-margin-top:110px}
.card[hidden]{display:none}
.pictures{display:grid;grid-auto-flow:column;grid-auto-columns:1fr;gap:6px}.pictures figure{margin:0;min-width:0}
.pictures img,.nopicture{width:100%;aspect-ratio:1;object-fit:contain;display:block;border-radius:5px;background:var(--line)}
.nopicture{display:flex;align-items:center;justify-content:center;color:var(--soft);font-size:.85rem}
.pictures figcaption{font-size:.75rem;color:var(--soft);text-align:center}
h3{font-size:.8rem;font-weight:500;color:var(--soft);margin:8px 0 4px;display:flex;gap:8px;justify-content:space-between;align-items:baseline}.id{overflow-wrap:anywhere}
.badge{flex:none;border:1px solid var(--line);border-radius:999px;padding:0 8px}.badge.missed,.badge.alarm,.badge.failed{color:var(--red);border-color:currentColor;font-weight:600}
.caption{margin:0 0 8px;overflow-wrap:anywhere}.caption.error{color:var(--red)}
dl{display:flex;flex-wrap:wrap;gap:2px 14px;margin:0 0 6px;font-size:.8rem;font-variant-numeric:tabular-nums}dl div{display:flex;gap:5px}dt{color:var(--soft)}dd{margin:0}
details{font-size:.9rem}summary{cursor:pointer;color:var(--soft)}details ol{margin:4px 0 0;padding-left:1.4em;overflow-wrap:anywhere}
footer{color:var(--soft);font-size:.85rem;padding-block:20px}kbd{border:1px solid var(--line);border-radius:4px;padding:0 5px;background:var(--card)}
h2{font-size:1.1rem;margin:0 0 10px}.run section{margin-bottom:26px}.note{color:var(--red);margin:2px 0}
.run .charts{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,320px),1fr));gap:14px}.charts figure.lines{max-width:none;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px}
.grid{stroke:var(--line);fill:none}.curve{fill:none;stroke:var(--blue);stroke-width:1.8;stroke-linejoin:round}.curve.faint{stroke-width:1;opacity:.4}.curve.other{stroke:var(--orange)}
.lines svg text{font-size:12px}.dot{fill:var(--blue)}.dot.other{fill:var(--orange)}.key.faint{opacity:.4}.mark{stroke:var(--orange);stroke-dasharray:4 3;fill:none}.tip{fill:transparent}.tip:hover{fill:var(--soft);opacity:.18}
.facts{gap:10px;margin-bottom:20px;font-size:.9rem}.facts div{display:block;flex:1 1 150px;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:8px 12px;min-width:0}.facts dd{font-size:1.15rem;font-weight:600;overflow-wrap:anywhere}.facts small{display:block;font-size:.8rem;font-weight:400;color:var(--soft)}
tr.best{outline:2px solid var(--orange);outline-offset:-2px}.run .scroll{margin-top:14px}
.tables{display:flex;flex-wrap:wrap;gap:14px;align-items:flex-start}.settings{flex:1 1 320px;min-width:0;font-size:.85rem}.settings th,.settings td{white-space:normal;text-align:left;overflow-wrap:anywhere;vertical-align:top;padding:3px 10px}.settings th{width:42%;color:var(--soft)}
@media (max-width:600px){.side{flex-basis:100%}.controls{position:static}.card{scroll-margin-top:8px}output{margin-left:0}.scroll,table{width:100%}table{font-size:.85rem}th,td{padding:4px 5px;white-space:normal}td small{font-size:.68rem;white-space:nowrap}.controls .field{flex:1 1 100%}.field select,.field input{width:100%}}
@media print{.controls,footer{display:none}.card{break-inside:avoid}}
)css";

// Cards stand in the page as they are; the script hides, orders and walks them.
constexpr const char* kScript = R"js(
(() => {
  const form = document.getElementById('controls'), list = document.getElementById('gallery'), shown = document.getElementById('shown');
  const cards = [...list.children].map(node => ({node, kinds: node.dataset.kind.split(' '), text: null}));
  const number = (card, key) => card.node.dataset[key] === undefined ? null : Number(card.node.dataset[key]);
  let order = 'order';
  const sort = by => {
    const key = by.replace('-', ''), sign = by.endsWith('-') ? -1 : 1;
    cards.sort((a, b) => {
      const x = number(a, key), y = number(b, key);
      if (x === null || y === null) return (x === null) - (y === null) || number(a, 'order') - number(b, 'order');
      return sign * (x - y) || number(a, 'order') - number(b, 'order');
    });
    list.append(...cards.map(card => card.node));
  };
  const apply = () => {
    const kind = form.elements.kind.value, words = form.elements.text.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (form.elements.order.value !== order) sort(order = form.elements.order.value);
    let visible = 0;
    for (const card of cards) {
      if (words.length && card.text === null) card.text = card.node.textContent.toLowerCase();
      const fits = (!kind || card.kinds.includes(kind)) && words.every(word => card.text.includes(word));
      card.node.hidden = !fits;
      visible += fits;
    }
    if (form.elements.outlines) list.classList.toggle('plain', !form.elements.outlines.checked);
    shown.textContent = visible + ' shown';
  };
  const step = by => {
    const visible = cards.filter(card => !card.node.hidden).map(card => card.node);
    const at = visible.indexOf(document.activeElement.closest('.card'));
    const next = visible[at < 0 ? 0 : Math.min(visible.length - 1, Math.max(0, at + by))];
    if (next) { next.focus(); next.scrollIntoView({block: 'nearest'}); }
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', event => event.preventDefault());
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches('input[type=search],select');
    if (event.key === 'Escape' && typing) event.target.blur();
    else if (typing) return;
    else if (event.key === 'j') step(1);
    else if (event.key === 'k') step(-1);
    else if (event.key === 'o' && form.elements.outlines) { form.elements.outlines.checked = !form.elements.outlines.checked; apply(); }
    else if (event.key === '/') { event.preventDefault(); form.elements.text.focus(); }
    else if (event.key === 'Enter' && event.target.matches('.card')) {
      const details = event.target.querySelector('details');
      if (details) details.open = !details.open;
    }
  });
  apply();
})();
)js";

}  // namespace

std::string page(const std::string& title, const std::string& body, Script script) {
  const std::string policy = script == Script::kNone ? "" : "script-src 'unsafe-inline'; ";
  const std::string code = script == Script::kNone ? "" : std::string("\n<script>") + kScript + "</script>";
  return std::string(kBegin) + kGenerator + kPolicy + policy + "base-uri 'none'; form-action 'none'\">\n<title>" +
         escape(title) + "</title>\n<style>" + kStyle + outline_style() + "</style>\n</head>\n<body>\n" + body + code +
         "\n</body>\n</html>\n";
}

io::FileKind page_file() {
  return {"report", [](std::string_view start) {
            const std::string before_generators = std::string(kBegin) + kPolicy;
            return start.starts_with(std::string(kBegin) + kGenerator) || start.starts_with(before_generators);
          }};
}

}  // namespace ccx::report
