"""Many readers with small receive buffers that read one byte a second, and an upstream that always has more to say.

slow-readers.py serve BYTES            prints its port; each answer is BYTES of server-sent events
slow-readers.py read PORT COUNT        opens COUNT streams, prints {"open": n, "ended": n} each second, leaves at the end of stdin
slow-readers.py idle PORT COUNT        the same with keep-alive connections that have had one answer
"""
import json
import resource
import select
import selectors
import socket
import sys
import time

soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
EVENT = b'data: {"id":"x","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"%s"},"finish_reason":null}]}\n\n'
MODELS = b'{"object":"list","data":[{"id":"m","object":"model","created":1,"owned_by":"t"}]}'


def serve(total):
    listener = socket.socket()
    # The kernel would take megabytes for each connection otherwise.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 16384)
    listener.bind(("127.0.0.1", 0))
    listener.listen(4096)
    listener.setblocking(False)
    print(listener.getsockname()[1], flush=True)
    selector = selectors.EpollSelector()
    selector.register(listener, selectors.EVENT_READ, None)
    piece = (EVENT % (b"word " * 8)) * 64
    left = {}
    while True:
        for key, events in selector.select():
            sock = key.fileobj
            if sock is listener:
                try:
                    peer, _ = listener.accept()
                except BlockingIOError:
                    continue
                peer.setblocking(False)
                selector.register(peer, selectors.EVENT_READ, bytearray())
                continue
            try:
                if events & selectors.EVENT_READ:
                    data = sock.recv(65536)
                    if not data:
                        raise ConnectionError
                    if sock in left:
                        continue
                    key.data.extend(data)
                    head = key.data.find(b"\r\n\r\n")
                    if head == -1:
                        continue
                    if key.data.startswith(b"GET"):
                        key.data.clear()
                        sock.send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(MODELS), MODELS))
                        continue
                    sock.send(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
                    left[sock] = total
                    selector.modify(sock, selectors.EVENT_READ | selectors.EVENT_WRITE, key.data)
                if events & selectors.EVENT_WRITE and sock in left:
                    left[sock] -= sock.send(piece)
                    if left[sock] <= 0:
                        raise ConnectionError
            except BlockingIOError:
                continue
            except (ConnectionError, OSError):
                left.pop(sock, None)
                selector.unregister(sock)
                sock.close()


def connect(port, small):
    sock = socket.socket()
    if small:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.connect(("127.0.0.1", port))
    return sock


def run(port, count, idle):
    socks = []
    for number in range(count):
        sock = connect(port, not idle)
        body = json.dumps({"model": "m", "stream": True, "messages": [{"role": "user", "content": f"q{number}"}]})
        text = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" if idle else f"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n{body}"
        sock.sendall(text.encode())
        sock.setblocking(False)
        socks.append(sock)
        # A connection storm is another test.
        if number % 50 == 49:
            time.sleep(0.05)
    ended = set()
    first = {}
    while True:
        for sock in socks:
            if sock in ended:
                continue
            try:
                data = sock.recv(65536 if idle else 1)
                if data == b"":
                    ended.add(sock)
                first.setdefault(sock, data)
            except BlockingIOError:
                pass
            except OSError:
                ended.add(sock)
        print(json.dumps({"open": count - len(ended), "ended": len(ended), "answered": len(first)}), flush=True)
        if select.select([sys.stdin], [], [], 1)[0]:
            return


if sys.argv[1] == "serve":
    serve(int(sys.argv[2]))
else:
    run(int(sys.argv[2]), int(sys.argv[3]), sys.argv[1] == "idle")
