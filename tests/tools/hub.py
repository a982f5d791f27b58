"""A model hub for tests: hub.py ROOT PORTFILE serves ROOT/ORG/NAME/FILE as ORG/NAME/resolve/REV/FILE.

HEAD and GET with ranges; checksums as the real one gives them: SHA-256 of weights in x-linked-etag,
git's SHA-1 of everything else in etag. With a file FILE.cut there the first GET of FILE breaks off
half way; with FILE.bad its checksum is that of something else; FILE.size holds the size that is
said of it, FILE.moved the address that FILE is said to be at. ROOT/log lists what was sent whole.
"""
import hashlib
import http.server
import os
import sys

ROOT, PORTFILE = sys.argv[1:3]


class Hub(http.server.BaseHTTPRequestHandler):
    def find(self):
        part = self.path.strip("/").split("/")
        if len(part) < 4 or part[2] != "resolve":
            return None
        up = len(part) == 4  # REV/../FILE, as clients ask for it: the file beside the model
        path = os.path.join(ROOT, part[0], *([] if up else part[1:2]), *part[3 if up else 4 :])
        return path if os.path.isfile(path) else None

    def answer(self, send):
        path = self.find()
        if not path:
            self.send_error(404)
            return
        if os.path.exists(path + ".moved"):
            self.redirect(open(path + ".moved").read())
            return
        with open(path, "rb") as f:
            data = f.read()
        start = 0
        if self.headers.get("Range", "").startswith("bytes="):
            start = int(self.headers["Range"][6:].split("-")[0])
        self.send_response(206 if start else 200)
        if path.endswith(".safetensors"):
            seen = b"other" if os.path.exists(path + ".bad") else data
            self.send_header("X-Linked-Etag", '"%s"' % hashlib.sha256(seen).hexdigest())
            said = path + ".size"
            size = open(said).read() if os.path.exists(said) else str(len(data))
            self.send_header("X-Linked-Size", size)
        else:
            blob = b"blob %d\0" % len(data) + data
            self.send_header("ETag", '"%s"' % hashlib.sha1(blob).hexdigest())
        if start:
            self.send_header("Content-Range", "bytes %d-%d/%d" % (start, len(data) - 1, len(data)))
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        if send:
            self.send_body(path, data, start)

    def redirect(self, to):
        self.send_response(302)
        self.send_header("Location", to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def send_body(self, path, data, start):
        if os.path.exists(path + ".cut"):
            os.remove(path + ".cut")
            self.wfile.write(data[start : len(data) // 2])
            self.close_connection = True
            return
        with open(os.path.join(ROOT, "log"), "a") as log:
            log.write("%s from %d\n" % (os.path.basename(path), start))
        self.wfile.write(data[start:])

    def do_HEAD(self):
        self.answer(False)

    def do_GET(self):
        self.answer(True)

    def log_message(self, *unused):
        pass


server = http.server.HTTPServer(("127.0.0.1", 0), Hub)
with open(PORTFILE + ".part", "w") as f:
    f.write(str(server.server_address[1]))
os.rename(PORTFILE + ".part", PORTFILE)
server.serve_forever()
