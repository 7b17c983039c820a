"""What a phone and other sites load: the manifest and the service worker of the installed page, and the launcher."""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.web.pages import Page
from bot.web.render import say
from customs.wording import direction

ICONS = {"icon-192.png": "192x192", "icon-512.png": "512x512"}
# Other sites load the launcher; they may keep it for an hour, so that a change arrives.
LAUNCHER_HEADERS = {"Cache-Control": "public, max-age=3600", "Cross-Origin-Resource-Policy": "cross-origin"}
WORDS_PLACE = "const WORDS = {};"
COLOUR_PLACE = "COLOUR"


class Installed:
    """The routes, beside those of `page`."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.languages = page.chat.settings.languages
        self.launcher = self._launcher()

    def routes(self) -> list[Route]:
        """The routes, to be mounted at the root."""
        return [
            Route("/manifest.webmanifest", self.manifest, methods=["GET"]),
            Route("/sw.js", self.worker, methods=["GET"]),
            Route("/launcher.js", self.launch, methods=["GET"]),
        ]

    def _asset(self, name: str) -> str:
        return f"/static/{name}?v={self.page.static[name][1]}"

    async def manifest(self, request: Request) -> Response:
        """GET /manifest.webmanifest: what the page is called and looks like on a phone's home screen."""
        language = self.page.view(request).language
        brand = self.page.pages.brand
        icons = [
            {"src": self._asset(name), "sizes": sizes, "type": "image/png", "purpose": "any maskable"}
            for name, sizes in ICONS.items()
        ]
        if brand.logo and brand.logo.suffix == ".svg":
            icons.insert(0, {"src": self._asset(brand.logo.name), "sizes": "any", "type": "image/svg+xml"})
        document = {
            "id": "/",
            "name": f"{say(language, 'Ask customs')} – {brand.name(language)}",
            "short_name": brand.name(language),
            "lang": language,
            "dir": direction(language),
            "start_url": f"/?lang={language}",
            "scope": "/",
            "display": "standalone",
            "background_color": "#f4f7f5",
            "theme_color": brand.colour,
            "icons": icons,
        }
        return JSONResponse(document, media_type="application/manifest+json")

    async def worker(self, request: Request) -> Response:
        """GET /sw.js: the service worker; at the root, as it may only serve what lies below it."""
        content, _ = self.page.static["sw.js"]
        return Response(content, media_type="text/javascript", headers={"Cache-Control": "no-cache"})

    def _launcher(self) -> bytes:
        words = {code: [say(code, "Ask customs"), say(code, "Close the chat")] for code in self.languages}
        text = self.page.static["launcher.js"][0].decode()
        text = text.replace(WORDS_PLACE, f"const WORDS = {json.dumps(words, ensure_ascii=False)};")
        return text.replace(COLOUR_PLACE, self.page.pages.brand.colour).encode()

    async def launch(self, request: Request) -> Response:
        """GET /launcher.js: the script that puts the chat on another site's pages."""
        return Response(self.launcher, media_type="text/javascript", headers=LAUNCHER_HEADERS)
