import { blocks, lines, type Rules } from './fill-slots.ts';

/** What reads the same in an English and in a Korean prompt: names of things, messages, code. */
export const CODE_SHARED: Rules = {
  lang: lines(`
    Python
    python
    Java
    JavaScript
    TypeScript
    Go
    Rust
    C
    C++
    C#
    Kotlin
    Swift
    Ruby
    PHP
    Scala
    Dart
    R
    Haskell
    Elixir
    Lua
    Julia
    Perl
    Bash`),
  script: lines(`
    bash
    Python
    PowerShell
    node.js
    perl
    zsh
    Ruby
    awk`),
  weblib: lines(`
    React
    Vue 3
    Svelte
    Angular
    Next.js
    Nuxt
    SolidJS
    jQuery
    Alpine.js
    Tailwind
    Bootstrap 5
    vanilla JS
    Astro
    htmx`),
  backend: lines(`
    Spring Boot
    Django
    FastAPI
    Flask
    Express
    NestJS
    Rails
    Laravel
    ASP.NET Core
    Gin
    Ktor
    Phoenix
    Actix`),
  mobile: lines(`
    Flutter
    React Native
    SwiftUI
    Jetpack Compose
    UIKit
    Android
    Expo`),
  datalib: lines(`
    pandas
    numpy
    polars
    dplyr
    PySpark
    scikit-learn
    PyTorch
    TensorFlow
    Keras
    matplotlib
    seaborn
    ggplot2
    XGBoost
    scipy
    opencv`),
  db: lines(`
    PostgreSQL
    MySQL
    SQLite
    Oracle
    SQL Server
    BigQuery
    MariaDB
    Snowflake
    DuckDB`),
  store: lines(`
    MongoDB
    Redis
    Elasticsearch
    DynamoDB
    Cassandra
    Neo4j
    Firestore
    Kafka
    RabbitMQ`),
  ops: lines(`
    Docker
    Kubernetes
    Terraform
    Ansible
    nginx
    Helm
    GitHub Actions
    GitLab CI
    Jenkins
    systemd
    Prometheus
    Traefik
    HAProxy
    docker compose
    CloudFormation`),
  test: lines(`
    pytest
    JUnit 5
    Jest
    vitest
    Playwright
    Cypress
    xUnit
    RSpec
    Mocha
    go test
    Selenium`),
  game: lines(`
    Unity
    Godot 4
    Unreal Engine
    pygame
    Phaser
    Roblox Studio
    three.js
    LÖVE`),
  board: lines(`
    Arduino Uno
    ESP32
    Raspberry Pi Pico
    STM32
    micro:bit
    Jetson Nano`),
  tool: lines(`
    git
    vim
    tmux
    ffmpeg
    rsync
    jq
    curl
    eslint
    webpack
    vite
    gradle
    maven
    cmake
    npm
    pnpm
    pip
    conda
    poetry
    ssh
    gdb
    VS Code
    IntelliJ
    make
    cargo`),
  error: lines(`
    TypeError: Cannot read properties of undefined (reading 'map')
    TypeError: unsupported operand type(s) for +: 'int' and 'str'
    KeyError: 'user_id'
    ValueError: could not convert string to float: ''
    IndexError: list index out of range
    AttributeError: 'NoneType' object has no attribute 'text'
    ImportError: cannot import name 'Mapping' from 'collections'
    RecursionError: maximum recursion depth exceeded
    UnicodeDecodeError: 'utf-8' codec can't decode byte 0xb0 in position 0
    ModuleNotFoundError: No module named 'yaml'
    java.lang.NullPointerException
    java.util.ConcurrentModificationException
    java.lang.OutOfMemoryError: Java heap space
    org.hibernate.LazyInitializationException: could not initialize proxy - no Session
    error[E0382]: borrow of moved value: \`items\`
    error[E0499]: cannot borrow \`*self\` as mutable more than once at a time
    panic: runtime error: invalid memory address or nil pointer dereference
    fatal error: all goroutines are asleep - deadlock!
    Segmentation fault (core dumped)
    undefined reference to \`vtable for Widget'
    ReferenceError: process is not defined
    SyntaxError: Unexpected token '<', "<!DOCTYPE "... is not valid JSON
    Uncaught (in promise) Error: Request failed with status code 401
    Hydration failed because the initial UI does not match
    ER_DUP_ENTRY: Duplicate entry '17' for key 'PRIMARY'
    ERROR: column "total" must appear in the GROUP BY clause
    ERROR: deadlock detected
    ORA-00904: invalid identifier
    fatal: refusing to merge unrelated histories
    error: failed to push some refs
    ImagePullBackOff
    OOMKilled
    502 Bad Gateway
    ECONNREFUSED 127.0.0.1:6379
    Error: listen EADDRINUSE: address already in use :::3000
    CMake Error: Could not find a package configuration file
    RuntimeError: CUDA error: device-side assert triggered
    RuntimeError: mat1 and mat2 shapes cannot be multiplied (64x512 and 256x10)
    NU1605: Detected package downgrade
    CS8602: Dereference of a possibly null reference
    TS2322: Type 'number' is not assignable to type 'never'
    CORS policy: No 'Access-Control-Allow-Origin' header is present
    The plugin failed to apply: Could not resolve com.android.tools.build:gradle
    Terminating app due to uncaught exception 'NSInvalidArgumentException'
    exec format error
    permission denied while trying to connect to the Docker daemon socket`),
  file: lines(`
    main.py
    app.js
    index.ts
    server.go
    UserService.java
    utils.cpp
    Makefile
    docker-compose.yml
    settings.json
    .env
    schema.sql
    build.gradle
    Program.cs
    lib.rs
    deploy.sh
    nginx.conf`),
  fn: lines(`
    rotate_left
    group_pairs
    longest_word
    count_islands
    merge_sorted
    find_missing
    is_anagram
    to_snake_case
    parse_range
    running_max
    compress
    chunk
    top_k
    clean_phone
    sum_digits
    best_window
    split_evenly
    most_common
    is_valid_date
    nearest_square
    unique_paths
    decode_runs
    sort_by_parity
    pad_matrix`),
  sig: lines(`
    (nums: list[int], k: int) -> list[int]
    (text: str) -> str
    (items: list[str]) -> dict[str, int]
    (grid: list[list[int]]) -> int
    (a: int, b: int) -> int
    (words: List[str], n: int) -> List[str]
    (s: str) -> bool
    (values: List[float]) -> float
    (lst)
    (n: int) -> int
    (arr, target)`),
  pyio: lines(`
    [1, 2, 3], 1 => [2, 3, 1]
    "aabbb" => "a2b3"
    [] => 0
    "Hello World" => "hello_world"
    [3, 1, 2] => [1, 2, 3]
    7 => 13
    "abcabc" => True
    [[1, 0], [0, 1]] => 2
    12, 18 => 6
    ["tea", "eat", "tan"] => 2
    -5 => None
    "3-6,9" => [3, 4, 5, 6, 9]`),
  table: lines(`
    users(id, name, email, created_at)
    orders(id, user_id, total, status, ordered_at)
    products(id, title, category, price, stock)
    employees(emp_no, name, dept_id, salary, hired_on)
    students(id, name, major, gpa)
    enrollments(student_id, course_id, grade)
    flights(id, origin, dest, departs, seats)
    books(isbn, title, author_id, year)
    loans(book_isbn, member_id, due, returned_at)
    matches(id, home, away, home_goals, away_goals, played_on)
    rooms(id, hotel_id, kind, price)
    reservations(room_id, guest, check_in, check_out)
    logs(ts, level, service, message)
    payments(id, order_id, method, amount, paid_at)
    songs(id, title, artist_id, seconds)
    plays(song_id, user_id, played_at)`),
  regexp: lines(String.raw`
    ^\d{3}-\d{4}$
    (?<=\$)\d+(\.\d{2})?
    ^(?!.*(.)\1)[a-z]+$
    \b[A-Z]{2,}\b
    <[^>]+>
    ^[\w.+-]+@\w+\.\w{2,}$
    (\d+)\s*(px|em|rem)
    ^#(?:[0-9a-f]{3}){1,2}$
    [가-힣]+`),
  oneliner: lines(String.raw`
    print([x for x in range(20) if x % 3 == 0][::-1])
    console.log([10, 9, 1].sort())
    const f = n => n < 2 ? 1 : n * f(n - 1);
    SELECT dept, COUNT(*) FROM emp GROUP BY dept HAVING COUNT(*) > 3;
    awk -F, '{s+=$3} END {print s/NR}' data.csv
    find . -type f -mtime -1 -exec grep -l TODO {} +
    for (int i = 0; i <= 10; i++) sum += arr[i];
    let (a, b) = v.split_at(v.len() / 2);
    df.groupby("city")["sales"].agg(["mean", "max"])
    git rebase -i HEAD~3
    docker run --rm -v "$PWD":/w -w /w node:22 npm ci
    x = y = []
    a, b = b, a + b
    if (user = null) return;
    ps aux | sort -nrk 4 | head
    int *p = malloc(10); p[10] = 0;
    return arr.filter(Boolean).map(Number).reduce((a, c) => a + c)
    list(map(lambda t: t[0], filter(lambda t: t[1], zip(a, b))))
    kubectl get pods -o jsonpath='{.items[*].metadata.name}'
    =IFERROR(INDEX(B:B,MATCH(E2,A:A,0)),"")
    tar czf - src | ssh host 'tar xzf - -C /srv'
    echo $((16#ff))
    UPDATE users SET active = 0;
    strcpy(buf, argv[1]);`),
  snippet: blocks(String.raw`
def average(xs):
    total = 0
    for x in xs:
        total += x
    return total / len(xs)
%%
def add_item(item, bag=[]):
    bag.append(item)
    return bag

print(add_item(1))
print(add_item(2))
%%
for i in range(len(items)):
    if items[i] % 2 == 0:
        items.remove(items[i])
print(items)
%%
class Stack:
    def __init__(self):
        self.data = []
    def push(self, x):
        self.data.insert(0, x)
    def pop(self):
        return self.data[-1]
    def empty(self):
        return self.data == None
%%
with open("in.csv") as f:
    rows = [r.split(",") for r in f]
out = {}
for r in rows:
    out[r[0]] = out.get(r[0], 0) + float(r[2])
print(sorted(out, key=out.get)[-1])
%%
import requests
r = requests.get("https://api.example.com/v1/items", params={"page": 1})
for it in r.json()["items"]:
    print(it["name"], it["price"]["amount"])
%%
df = pd.read_csv("sales.csv")
df["month"] = df.date.str[:7]
res = df.groupby("month").amount.sum()
res.plot(kind="bar")
%%
async def main():
    results = []
    for u in urls:
        results.append(fetch(u))
    print(results)
asyncio.run(main())
%%
function debounce(fn, ms) {
  let t;
  return function () {
    clearTimeout(t);
    t = setTimeout(fn(), ms);
  };
}
%%
const [count, setCount] = useState(0);
useEffect(() => {
  const id = setInterval(() => setCount(count + 1), 1000);
  return () => clearInterval(id);
}, []);
%%
app.get('/users/:id', async (req, res) => {
  const rows = await db.query('SELECT * FROM users WHERE id = ' + req.params.id);
  res.json(rows[0].name);
});
%%
export async function load(ids: string[]) {
  const out: Item[] = [];
  ids.forEach(async (id) => {
    const res = await fetch('/items/' + id);
    out.push(await res.json());
  });
  return out;
}
%%
<form onsubmit="save()">
  <input name="mail" type="text">
  <button>Send</button>
</form>
<script>
function save() { fetch('/save', { method: 'POST', body: mail.value }); }
</script>
%%
.card { display: flex; width: 100%; }
.card img { width: 300px; }
.card p { float: right; margin-left: auto; }
@media (max-width: 600px) { .card { flex-direction: row; } }
%%
public int find(int[] a, int key) {
    int lo = 0, hi = a.length;
    while (lo < hi) {
        int mid = (lo + hi) / 2;
        if (a[mid] == key) return mid;
        if (a[mid] < key) lo = mid; else hi = mid;
    }
    return -1;
}
%%
String a = new String("hi");
String b = new String("hi");
if (a == b) System.out.println("same"); else System.out.println("different");
%%
@Transactional
public void transfer(Long from, Long to, BigDecimal amount) {
    try {
        accounts.withdraw(from, amount);
        accounts.deposit(to, amount);
    } catch (Exception e) {
        log.error("failed", e);
    }
}
%%
#include <stdio.h>
int main(void) {
    char name[8];
    printf("name? ");
    gets(name);
    printf("hello %d\n", name);
    return 0;
}
%%
struct Node { int v; Node* next; };
void clear(Node* head) {
    while (head) {
        delete head;
        head = head->next;
    }
}
%%
std::vector<int> v = {1, 2, 3, 4};
for (auto it = v.begin(); it != v.end(); ++it)
    if (*it % 2) v.erase(it);
%%
fn longest(a: &str, b: &str) -> &str {
    if a.len() > b.len() { a } else { b }
}
%%
func worker(jobs chan int, wg sync.WaitGroup) {
	for j := range jobs {
		fmt.Println(j * j)
	}
	wg.Done()
}
%%
var ids = orders.Where(o => o.Total > 100).Select(o => o.CustomerId);
foreach (var id in ids)
    Console.WriteLine(db.Customers.First(c => c.Id == id).Name);
%%
val total = items
  .filter(_.active)
  .map(_.price)
  .reduce(_ + _)
%%
SELECT c.name, SUM(o.total)
FROM customers c LEFT JOIN orders o ON o.customer_id = c.id
WHERE o.placed_at >= '2024-01-01'
GROUP BY c.id
ORDER BY 2 DESC LIMIT 10;
%%
SELECT * FROM events
WHERE DATE(created_at) = CURDATE()
  AND user_id IN (SELECT id FROM users WHERE country = 'KR')
ORDER BY RAND() LIMIT 50;
%%
#!/bin/bash
for f in *.txt
do
  mv $f $(echo $f | tr A-Z a-z)
done
cd /tmp/work
rm -rf *
%%
FROM node:latest
COPY . /app
WORKDIR /app
RUN npm install
EXPOSE 3000
CMD npm start
%%
services:
  web:
    build: .
    depends_on: [db]
    environment:
      DATABASE_URL: postgres://localhost:5432/app
  db:
    image: postgres:16
%%
on:
  push:
    branches: [main]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: npm ci
      - run: npm test
%%
resource "aws_security_group" "db" {
  ingress {
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
%%
void Update() {
    if (Input.GetKeyDown(KeyCode.Space)) {
        GetComponent<Rigidbody>().AddForce(Vector3.up * 5);
    }
    transform.position += new Vector3(Input.GetAxis("Horizontal"), 0, 0);
}
%%
int led = 13;
void setup() { pinMode(led, INPUT); }
void loop() {
  digitalWrite(led, HIGH);
  delay(500);
  digitalWrite(led, LOW);
}
%%
Sub CopyRows()
  For i = 1 To 100
    If Cells(i, 3).Value = "done" Then
      Rows(i).Copy Sheets("Archive").Rows(i)
    End If
  Next
End Sub
%%
{"name": "demo", "version": "1.0.0", "scripts": {"build": "tsc", "start": "node dist/index.js",}, "type": "module"}
%%
model.compile(optimizer="adam", loss="categorical_crossentropy")
model.fit(x_train, y_train, epochs=50)
print(model.evaluate(x_train, y_train))
%%
ggplot(df, aes(x = year, y = sales)) +
  geom_bar() +
  facet_wrap(~ region)
%%
diff --git a/src/retry.ts b/src/retry.ts
-  for (let i = 0; i < 3; i++) {
+  for (let i = 0; i <= max; i++) {
     try { return await call(); }
-    catch (e) { last = e; }
+    catch (e) { last = e; await sleep(2 ** i); }
   }
%%
location /api/ {
    proxy_pass http://backend:8000;
    proxy_read_timeout 5s;
}
location / {
    try_files $uri /index.html;
}
%%
(defun fact (n)
  (if (= n 0) 1
      (* n (fact n - 1))))
%%
module counter(input clk, input rst, output reg [3:0] q);
  always @(posedge clk)
    if (rst) q = 0;
    else q <= q + 1;
endmodule
%%
<?php
$pw = md5($_POST['password']);
$q = mysqli_query($c, "SELECT id FROM users WHERE pw='$pw' AND name='{$_POST['name']}'");
if (mysqli_num_rows($q)) $_SESSION['ok'] = true;`),
  trace: blocks(String.raw`
Traceback (most recent call last):
  File "«file»", line «12..240», in <module>
    main()
  File "«file»", line «5..90», in main
    rows = load(cfg["path"])
«error»
%%
Exception in thread "main" «error»
	at com.acme.app.«fn»(Service.java:«20..300»)
	at com.acme.app.Main.main(Main.java:«8..40»)
%%
$ npm run build
> app@0.«1..9».0 build
src/«file»:«1..80»:«1..40»
«error»
npm ERR! code ELIFECYCLE
%%
[ERROR] «2..23»:«10..59»:«10..59» worker-«1..8» «error»
[WARN]  retry 3 of 3 failed, giving up
%%
main.cpp:«3..120»:«1..40»: error: «error»
make: *** [Makefile:«4..30»: all] Error 1
%%
«error»
    at Object.<anonymous> (/srv/app/«file»:«3..200»:«1..50»)
    at Module._compile (node:internal/modules/cjs/loader:1358:14)`),
};
