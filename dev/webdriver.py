"""A browser driven by the WebDriver protocol, with nothing but Python's own library."""

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


class Browser:
    """Chromium without a window; `close` ends it and its driver."""

    def __init__(self, port, javascript=True):
        self.url = f"http://127.0.0.1:{port}"
        self.driver = subprocess.Popen(
            ["chromedriver", f"--port={port}", "--log-level=OFF"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        options = {
            "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars"],
            "prefs": {"profile.managed_default_content_settings.javascript": 1 if javascript else 2},
        }
        always = {"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        wait_for(f"{self.url}/status")
        try:
            answer = self.send("POST", "/session", {"capabilities": {"alwaysMatch": always}})
        except BaseException:
            self.driver.terminate()
            raise
        self.url += f"/session/{answer['sessionId']}"

    def close(self):
        try:
            self.send("DELETE", "")
        finally:
            self.driver.terminate()
            self.driver.wait()

    def send(self, method, path, body=None):
        data = None if method in ("GET", "DELETE") else json.dumps(body or {}).encode()
        request = urllib.request.Request(self.url + path, data, {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            value = json.load(error)["value"]
            raise RuntimeError(f"{path} {body}: {value['error']}: {value['message'].splitlines()[0]}") from None

    def open(self, url):
        self.send("POST", "/url", {"url": url})

    @property
    def address(self):
        return self.send("GET", "/url")

    def find(self, css):
        return self.send("POST", "/element", {"using": "css selector", "value": css})[ELEMENT]

    def find_all(self, css):
        found = self.send("POST", "/elements", {"using": "css selector", "value": css})
        return [element[ELEMENT] for element in found]

    def text(self, css):
        return self.send("GET", f"/element/{self.find(css)}/text")

    def property(self, css, name):
        return self.send("GET", f"/element/{self.find(css)}/property/{name}")

    def attribute(self, css, name):
        return self.send("GET", f"/element/{self.find(css)}/attribute/{name}")

    def click(self, css):
        self.send("POST", f"/element/{self.find(css)}/click")

    def follow(self, css):
        """Clicks on what leads to another page, and waits for it."""
        self.leave(self.find(css))

    def follow_link(self, words):
        self.leave(self.send("POST", "/element", {"using": "link text", "value": words})[ELEMENT])

    def leave(self, element):
        page = self.find("html")
        self.send("POST", f"/element/{element}/click")
        end = time.monotonic() + 20
        while self.is_at(page):
            assert time.monotonic() < end, "the page did not change"
            time.sleep(0.02)

    def is_at(self, page):
        try:
            return self.find("html") == page or self.run("return document.readyState") != "complete"
        except RuntimeError:
            return True

    def type(self, css, text):
        element = self.find(css)
        self.send("POST", f"/element/{element}/clear")
        self.send("POST", f"/element/{element}/value", {"text": text})

    def press(self, css, key):
        self.send("POST", f"/element/{self.find(css)}/value", {"text": key})

    def run(self, script, *arguments):
        return self.send("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script):
        return self.send("POST", "/execute/async", {"script": script, "args": []})

    def devtools(self, command, **parameters):
        return self.send("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def look(self, width, height, scheme, scale=1):
        """What the page is shown on, and whether light or dark is wanted.

        Motion is not: a colour on its way from light to dark is neither, and its contrast is nobody's.
        """
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=width < 600,
        )
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.devtools("Emulation.setEmulatedMedia", features=features)

    def picture(self, path, whole=True):
        answer = self.devtools("Page.captureScreenshot", captureBeyondViewport=whole, **(
            {"clip": self.page_size()} if whole else {}
        ))
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))

    def page_size(self):
        size = self.devtools("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}

    def complaints(self):
        """What the browser's console holds, such as violations of the page's policy."""
        return [entry["message"] for entry in self.send("POST", "/se/log", {"type": "browser"})]


def wait_for(url, seconds=60):
    """Waits until something answers."""
    end = time.monotonic() + seconds
    while True:
        try:
            return urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return None
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
