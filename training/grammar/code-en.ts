import { CODE_SHARED } from './code-shared.ts';
import { blocks, lines, type Rules } from './fill-slots.ts';

export const CODE_EN_RULES: Rules = {
  ...CODE_SHARED,
  hi: lines(`
    Hi,
    Hello,
    hey
    Hey there,
    Quick one:
    ok so
    Good morning.
    Sorry if this is basic,
    I'm stuck.
    Newbie here.
    Not sure if this is the right place but
    Please help.`),
  please: lines(`
    please
    pls
    thanks
    thank you!
    Thanks in advance.
    asap
    No explanation needed.
    Keep it short.
    Only the code.
    Explain as you go.
    Step by step, please.
    With comments.
    Include an example of usage.
    Show the complete file.
    I'm on «Windows 11|a Mac|Ubuntu 24.04|Debian|WSL».
    It has to be fast for 10^6 elements.
    No external libraries.
    Follow best practices.`),
  write: lines(`
    Write
    write
    Create
    Give me
    Implement
    I need
    Could you write
    Can you show me
    Please write
    Code
    Build
    Help me write
    Show
    Generate
    Develop
    Produce`),
  fix: lines(`
    Fix
    fix
    Debug
    Find the bug in
    What's wrong with
    Why doesn't this work:
    Can you spot the mistake in
    Correct
    Repair
    Help me get this working:
    Something's off in
    There's an error somewhere in`),
  job: lines(`
    reverses the order of words but keeps the punctuation
    returns the second largest distinct value
    checks whether two strings are anagrams
    counts the islands in a grid of zeros and ones
    merges two sorted lists without allocating a third
    finds the longest common prefix of a list of words
    removes duplicate rows while preserving order
    converts Roman numerals to integers
    rotates a matrix by 90 degrees
    parses a date in any of three formats
    validates an IBAN
    flattens a nested dictionary into dotted keys
    groups anagrams together
    finds all pairs that add up to a target
    computes the moving average of a stream
    splits a list into chunks of n
    returns the n-th prime
    determines if a number is a perfect square
    sorts a list of tuples by the second item, then the first
    encodes and decodes run lengths
    finds the first non-repeating character
    computes the edit distance between two words
    multiplies two matrices
    converts a decimal to any base up to 36
    simulates a vending machine
    prints Pascal's triangle
    counts the set bits of an integer
    generates all permutations of a string
    checks the balance of brackets
    finds the shortest path through a maze
    computes compound interest for a table of rates
    calculates the average and the standard deviation of each column
    finds the smallest missing positive integer
    turns seconds into hours, minutes and seconds
    shuffles a deck of cards and deals five hands
    solves a system of linear equations by Gaussian elimination
    approximates pi by Monte Carlo
    picks a weighted random element
    converts miles to kilometres and back
    tests whether a tuple contains only even numbers
    sums the digits of every number in a list
    finds the area of a polygon from its vertices
    translates a sentence to pig latin
    returns the common elements of several lists`),
  chore: lines(`
    renames every photo by the date it was taken
    deletes log files older than 30 days
    downloads all PDFs linked from a page
    backs up a folder to another disk and keeps seven versions
    sends an email when a website goes down
    splits a large CSV into files of 10000 lines
    converts all .heic images to .jpg
    merges several Excel files into one sheet
    watches a directory and uploads new files
    resizes every picture in a folder
    counts the words in all markdown files
    cleans up unused docker images every Sunday
    posts the weather to a Slack channel each morning
    extracts tables out of a PDF
    checks which of 200 URLs are dead
    syncs two folders over ssh
    replaces a string in every file of a repository
    lists the ten biggest files
    scrapes product prices and stores them in SQLite
    generates invoices from a spreadsheet
    transcribes an audio file and makes subtitles
    shows battery level in the terminal prompt
    translates the strings in a resource file through an API
    summarises new commits per author each week`),
  app: lines(`
    a todo list with drag and drop
    a pomodoro timer
    a currency converter
    a chat room with websockets
    a kanban board
    a login page with password reset
    an expense tracker
    a quiz app with a score
    a recipe finder
    an image gallery with lazy loading
    a markdown editor with live preview
    a URL shortener
    a weather dashboard
    a habit tracker
    a snake game
    a memory card game
    a tic tac toe game with an unbeatable opponent
    a calculator with history
    a landing page for a coffee shop
    a portfolio site
    a booking calendar
    a typing speed test
    an admin table with sorting and paging
    a music player
    a mortgage calculator with a chart
    a flashcard app for vocabulary
    a poll with live results
    a drawing board
    a unit converter
    a random story generator from word lists`),
  concept: lines(`
    closures
    decorators
    generators
    async/await
    the event loop
    pointers
    references and lifetimes
    dependency injection
    generics
    pattern matching
    monads
    mutexes and semaphores
    garbage collection
    list comprehensions
    virtual functions
    middleware
    recursion
    memoization
    inheritance and composition
    promises
    interfaces
    lambda expressions
    window functions
    indexes
    foreign keys
    transactions and isolation levels
    environment variables
    pub/sub
    connection pooling
    hooks
    signals
    operator overloading
    context managers
    macros
    type inference
    reflection
    streams`),
  howto: lines(`
    read a file line by line
    sort an array of objects by two keys
    make an HTTP request with a timeout
    parse command line arguments
    connect to «db»
    upload a file
    hash a password
    cancel a running task
    format a date
    deep copy an object
    read environment variables
    write to an Excel file
    convert a string to an integer safely
    compare two dates
    log to a file with rotation
    catch more than one exception type
    iterate over a map while removing entries
    run a subprocess and capture its output
    paginate results
    validate a form
    mock an HTTP call in a test
    share state between components
    lazy load a module
    send an email with an attachment
    serialise a class to JSON
    generate a UUID
    measure execution time
    cache the result of an expensive call
    throttle scroll events
    remove duplicates from a list`),
  opstask: lines(`
    deploys a «backend» app with zero downtime
    runs the tests on every pull request and caches dependencies
    terminates TLS and forwards to two upstreams
    sets memory and CPU limits
    builds a multi-stage image for a «lang» project
    mounts a config file read-only
    schedules a job every night at 2
    scales from 2 to 10 replicas on CPU load
    sends logs to a central server
    redirects www to the bare domain
    creates a bucket with versioning
    rolls back when the health check fails
    keeps secrets out of the repository
    restarts a crashed service after five seconds
    exposes a service on port «3000..9000»`),
  query: lines(`
    the top three rows per group
    the running total per day
    all customers who never ordered anything
    the month with the highest revenue
    duplicates by email, keeping the newest
    the average per category, but only for categories with more than «2..20» rows
    users active on three consecutive days
    the difference between each row and the previous one
    the median value
    the percentage of the total for every row
    names that appear in both tables
    the second highest value
    each manager together with the number of people below them
    everything from the last «7..90» days
    the count per weekday
    pairs bought together most often
    the earliest and latest record for each id
    which year had the most entries
    a pivot with months as columns
    rows whose text contains at least two of three keywords`),
  nlq: lines(`
    Which of them appear more than «2..9» times?
    Show the name of whoever has the largest total in «2015..2024».
    List the titles in alphabetical order with how often each was used.
    How many distinct ones are there per category?
    What is the average for those above «10..500»?
    Who has none at all?
    Give the ids of the five most recent entries.
    For each one return the maximum and the date it happened.
    What share of them is still open?
    Find those that are in the first table but not in the second.
    Return the earliest date per group, sorted descending.`),
  dfask: lines(`
    how do i calculate the share of each group
    fill missing values with the median of the group
    get the rolling mean over «3..30» days
    pivot it so that every month is a column
    merge on the nearest timestamp
    explode a column with comma separated strings and count values
    keep only the last row per id
    detect outliers beyond three standard deviations
    compute the correlation between two columns by region
    bin ages into decades and plot the counts
    convert strings like "1,234.50" to numbers
    split train and test without leaking the same user
    find columns with more than «10..60»% nulls
    rank within each category`),
  mlask: lines(`
    a training loop with gradient accumulation
    a custom dataset that reads images lazily
    an LSTM for time series forecasting
    a small transformer encoder from scratch
    k-means without a library
    logistic regression with plain gradient descent
    early stopping and checkpointing
    a confusion matrix plot
    grid search over a pipeline
    data augmentation for «32..512»x«32..512» images
    mixed precision training
    a LoRA fine-tuning script
    a retrieval pipeline with embeddings
    SHAP values for a gradient boosted model
    distributed training on two GPUs`),
  ask: lines(`
    What does this do?
    explain this
    Why does it fail?
    Find the bug.
    Fix it please
    Refactor this so that it is readable.
    Make it faster.
    Is there a security problem here?
    Review this as if you were my tech lead.
    Add error handling and logging.
    Add type annotations.
    Rewrite in «lang».
    Port to «lang», idiomatically.
    Translate this to «lang».
    convert to «lang» pls
    Write unit tests for this with «test».
    What will it print and why?
    what's the time complexity
    Summarize in two sentences what the following does.
    Document it.
    Can this be shorter?
    How would you improve it?
    Is this thread safe?
    it works on my machine but not on the server, any clue?
    Turn this into a reusable module.
    What happens with empty input?
    Analyze this and list every issue by severity.
    I don't understand the third line.
    Simplify.
    Rename things so it makes sense.
    Why is the output different from what I expect?
    Clean this up, it was written at 3am.
    Convert this to the modern style.
    Does this follow SOLID?
    Rewrite without the loop.
    Add a parameter so the limit isn't hard coded.`),
  traceask: lines(`
    Analyze this stack trace.
    what is going on here?
    How can I solve this?
    I get this on CI only.
    Any idea?
    It started after I upgraded.
    What's the root cause?
    this happens about once an hour, why
    Google didn't help.
    Explain the message and give me the fix.
    Summarize what went wrong.
    it compiled yesterday!!`),
  context: lines(`
    when I run «file»
    after updating «tool»
    in production only
    inside a container
    on the second request
    when the list is empty
    with «lang» «3..21»
    during the build
    when I click the button twice
    in my «backend» project
    on Windows but not on Linux
    after merging main
    while loading the data
    as soon as two users log in`),
  doc: lines(`
    Return a new list with every element moved k places to the left.
    Given a string, return the longest substring without repeated characters.
    Count how often each word occurs, ignoring case.
    Return True if the brackets in s are closed in the right order.
    Find the smallest window whose sum is at least target; 0 if there is none.
    You are given an integer n. Return the number of steps to reach 1 by the Collatz rule.
    Return the sum of all even entries at odd positions.
    Filter the words that have exactly n consonants and keep their order.
    Round the average to the nearest integer and return it in binary.
    Return the largest number that can be made by joining the digits.
    Remove the vowels, then reverse what is left.
    Sort the values by the number of ones in their binary form.
    Return None if the input is not valid, otherwise the normalised value.
    Return how many cells can be reached from the top left corner.`),
  problem: lines(`
    You are given an array of n integers. In one move you may increase any element by one. Find the fewest moves that make all elements distinct.
    There are n cities connected by m roads, each with a toll. Find the cheapest way from 1 to n if one toll may be skipped.
    Given a string of lower-case letters, determine the minimum number of cuts so that every part is a palindrome.
    A robot starts in the corner of an r x c grid with obstacles and may turn at most k times. Can it reach the other corner?
    n people stand in a circle and every k-th one leaves. Print the order in which they leave.
    Given the heights of n bars, find the largest rectangle that fits in the histogram.
    Two players take turns removing 1 to k stones; whoever takes the last one wins. Decide the winner for each test case.
    For q queries (l, r) print the number of distinct values in the segment.
    You have coins of given values. Count the ways to pay amount s, modulo 10^9+7.
    Given intervals of meetings, compute the smallest number of rooms needed.
    A tree with n nodes is given. For every node print the size of its subtree.
    Find the k-th smallest element in the union of two sorted arrays in logarithmic time.`),
  limits: lines(`
    n <= 10^5, time limit 1 s
    1 <= n <= 2000
    n, m <= 200000; memory 256 MB
    up to 100 test cases
    values fit in 64 bits
    answer modulo 998244353`),
  change: lines(`
    moved the retry logic into its own module
    renamed getUser to fetchUser everywhere
    dropped support for Node 18
    fixed a crash when the config file is missing
    made the cache size configurable
    replaced moment by date-fns
    added an index on orders.created_at
    stopped logging access tokens
    split the settings page into three tabs
    made the parser accept trailing commas`),
  sheet: lines(`
    the last non-empty cell of a column
    the sum of column C where A is "paid" and B is this month
    the text between two brackets
    a unique list sorted by count
    the first name from "Last, First"
    the number of working days between two dates
    the highest value per name
    a drop-down that depends on another cell
    colour a row when the due date has passed
    a lookup that works to the left`),
};

export const CODE_EN_SHORT = lines(`
    «write» a function that «job».
    «write» a «lang» function that «job»«?, and test it».
    Write a function to «find|check|compute|get|remove|count» «the maximum difference between two elements|the index of the last vowel|the sum of cubes up to n|tuples with equal ends|repeated words|numbers divisible by «2..13»|the n-th pentagonal number|the longest list in a list of lists|the digits that two numbers share» «?in «lang»».
    Write a python function to check whether the given «string|list|number|matrix|tuple» is «sorted|symmetric|palindromic|a power of «2..7»|strictly decreasing|empty after stripping|an armstrong number|valid hexadecimal».
    «lang» program that «job»
    «write» a program in «lang» that «job». «please»
    how do i «howto» in «lang»
    How do I «howto» in «lang»? «?«please»»
    how to «howto» «lang»
    «hi» how can I «howto» using «backend»?
    What is the «cleanest|idiomatic|fastest|safest» way to «howto» in «lang»?
    «howto» «lang» example
    in «lang», how would you «howto» without «a loop|extra memory|any dependency|blocking the main thread|reflection»?
    «lang»: «howto»
    «write» a «script» script that «chore».
    i want a «script» script which «chore» «please»
    «write» a one-liner that «chore».
    What command «chore»?
    Is there a «tool» option that «chore»?
    cron job that «chore»
    «hi» I'd like something that «chore». «script» preferred but I'm flexible.
    «write» «app» in «weblib».
    make «app»
    make me «app» with «weblib», one file «please»
    Build «app» using «weblib» on the front and «backend» on the back with «db».
    «write» «app». Requirements: «responsive layout|dark mode|keyboard navigation|works offline|data saved in localStorage», «no framework|typescript|tests included|accessible markup|no build step».
    can you code «app» for me
    I'm building «app» in «mobile» and I don't know how to structure the «state|navigation|screens|network layer|local database».
    «app» in «game»? is it possible, show me how
    Complete html css and js for «app».
    Explain «concept» in «lang» with «a short example|two examples|code|an analogy and code».
    explain «concept» «lang»
    what are «concept» in «lang» and when do i use them, show code
    I don't get «concept». Can you show a minimal «lang» example?
    How do «concept» work under the hood in «lang»?
    Show how «concept» look in «lang» and the same thing in «lang».
    teach me «concept» with exercises in «lang»
    I get «error» «context».
    «error» how to fix
    «error»
    «hi» I keep getting "«error»" «context». What should I check?
    Why do I see «error» «context»?
    «error» «context» «please»
    My «backend» app throws «error» «context», here's what I tried: «restarting|clearing the cache|pinning the version|reading the docs|an older «tool»».
    how do i get rid of «error» in «tool»
    What does this mean: «error»
    «fix» this: «oneliner»
    explain: «oneliner»
    What does «oneliner» do?
    «oneliner» - what does this print?
    Rewrite «oneliner» in «lang».
    is there a shorter way to write «oneliner»
    Why is «oneliner» a bad idea?
    «oneliner» doesn't work «context»
    Why doesn't this give what I expect? «oneliner»
    I typed «oneliner» by accident, how do i undo it
    What does the regex «regexp» match?
    «regexp» explain this regex and give matching strings
    regex that matches «a hex colour|an ISO date|a license plate like AB-123-CD|nested quotes|everything after the last slash|a version number|an IPv4 address|a 24h time|words with double letters»
    «write» a regular expression for «a phone number with optional country code|a strong password|a hashtag|a URL without query|a signed decimal» and test it in «lang».
    «write» a SQL query for «query».
    «db»: «query»?
    How do I get «query» in «db»?
    Given «table» and «table», write SQL returning «query».
    Tables: «table», «table», «table». «nlq»
    Schema: «table»; «table». Question: «nlq» SQL:
    Using «table» write a query. «nlq»
    Translate to SQL over «table»: "«nlq»"
    My query for «query» takes «5..90» seconds on «db» with «2..80» million rows. How do I speed it up?
    «write» a «trigger|stored procedure|view|materialized view|migration|CTE» in «db» which gives «query».
    design the tables for «app», with keys and indexes, «db»
    convert this to «store»: a table like «table»
    How do I model «table» and «table» in «store»?
    «store» query for «query»
    Write a «store» consumer in «lang» that «chore».
    «datalib»: «dfask»
    I have a dataframe with columns «user|city|store|sensor», «date|month|timestamp» and «amount|score|temperature|clicks». «dfask»?
    In «datalib», «dfask»
    using «datalib» «dfask» «please»
    «write» «mlask» in «datalib».
    «mlask» «datalib»
    How can I do «mlask» with «datalib»? My data has «2..900»k rows.
    plot «two lines with a shared x axis|a heatmap with annotations|a stacked bar chart|a histogram with a density curve|error bars» in «datalib»
    «write» a «ops» config that «opstask».
    «ops»: how do I make something that «opstask»?
    I need «ops» to do this: it «opstask». Show the files.
    «ops» «not starting|fails silently|ignores my env file|is slow|timeout» «context»
    Set up «ops» so that it «opstask». «please»
    What's the «tool» command to «undo the last change|list everything outdated|show only conflicts|clean the cache|run a single test|search recursively|split the window|set a breakpoint|change the remote»?
    «tool» «cheat sheet of flags i need daily|how to configure globally|settings for a team|proxy settings|ignore a folder»
    git: I «committed to the wrong branch|deleted a branch by mistake|pushed a secret|merged too early|have «3..12» messy commits», what are the commands?
    Write a commit message: «change».
    Write a changelog entry and bump the version: «change»; «change».
    PR description for this: «change», «change».
    In our repo «file» we «change», and now «error» shows up. Provide a patch.
    Issue: «app» breaks «context». Expected: no crash. Actual: «error». Which part of «file» should change?
    «write» tests with «test» for a function that «job».
    How do I test code that «chore» with «test»?
    my «test» tests are flaky «context», how do i stabilise them
    «game»: «make the player jump twice|spawn enemies faster over time|save the high score|follow the player with the camera|detect a collision only once|rotate towards the mouse|make a health bar» «?script»
    «hi» in «game» my character «slides on slopes|falls through the floor|jitters when the camera moves|keeps moving after release». Which part of the script?
    «board» sketch that «reads a temperature and shows it on an LCD|blinks two LEDs at different rates|drives a servo with a potentiometer|posts to MQTT every «5..60» minutes|debounces a button»
    How do I wire and program a «board» to «water plants when the soil is dry|measure distance|log GPS positions|play a tone»?
    formula in «Excel|Google Sheets|LibreOffice» for «sheet»
    In «Excel|Google Sheets» I need «sheet». «please»
    VBA macro: «sheet»
    «Excel|Google Sheets» formula «sheet» returns #«REF|N/A|VALUE|NAME»! why
    LaTeX: «how to rotate a table|two figures next to each other|number only the last equation|change the margins|make a bibliography|draw a graph with tikz|add line numbers to listings»
    «write» an API in «backend» for «app» with «login|pagination|rate limiting|file upload|validation|OpenAPI docs».
    «backend» «middleware|controller|service|model|router» that «job»
    How do I secure a «backend» endpoint with «JWT|OAuth2|API keys|sessions|mutual TLS»?
    Port this idea from «backend» to «backend»: an endpoint that «job».
    Design a class diagram and «lang» skeleton for «app».
    implement «an LRU cache|a trie|a min heap|a bloom filter|a linked list|a thread pool|a rate limiter|an event emitter|a B-tree|a union find|a ring buffer|a promise from scratch|a tokenizer» in «lang»
    «quicksort|merge sort|binary search|dijkstra|A star|topological sort|kmp|floyd warshall|kruskal|bfs|heap sort|knapsack|n queens|huffman coding» «lang»
    Implement «quicksort|merge sort|dijkstra|A*|KMP|union find|simulated annealing|minimax with alpha-beta|the sieve of Eratosthenes» in «lang» and state its complexity.
    Compare the output of these: «oneliner» and «oneliner». Which one is right?
    Act as a «Linux terminal|Python interpreter|SQL console|JavaScript console|senior «lang» developer|code reviewer». «oneliner»
    now the same in «lang»
    can you also «add tests|add comments|handle null|make it async|use recursion|avoid globals|log the errors|make it generic»
    it still says «error»
    that works but «it's slow|the linter complains|the types are any|it breaks on empty input|my teacher wants recursion», change it
    give me the full «file»
    continue from the «while loop|second class|third file|last test»
    upgrade from «lang» «2..11» to «12..21», what breaks and how do I fix it
    «weblib» «component|hook|form|table|modal|dropdown|carousel» that «closes on escape|keeps its state after reload|loads more on scroll|validates while typing|can be sorted|supports dark mode»
    css «sticky header|masonry grid|glowing button|loading spinner|equal height cards|triangle|text ellipsis after 2 lines|dark mode toggle»
    Why is my «weblib» page «rendering twice|blank in production|not updating|flickering|leaking memory» «context»?
    «mobile» «push notifications|deep links|camera permission|bottom sheet|list with swipe to delete|splash screen|background task» how to
    «hi» my «mobile» build fails: «error»
    Write a smart contract that «holds money until both sides agree|sells tickets|pays royalties|runs a vote».
    Write pseudocode, then «lang», for something that «job».
    My homework: «write» a class in «lang» which «job». «please»
    interview question: «problem» solve in «lang»
    write a script to calculate «monthly loan payments|the mean of each column|body mass index|tax by bracket|sales commission» in «lang», with input from the user
    program to convert «miles to km|celsius to fahrenheit|binary to decimal|minutes to hours» in «lang»`);

export const CODE_EN_LONG = blocks(`
«ask»

«snippet»
%%
«snippet»

«ask»
%%
«hi» «ask»
«snippet»
%%
«snippet»
«ask» «please»
%%
«fix» the following code:

«snippet»
%%
This is from «file». «ask»

«snippet»
%%
«snippet»
%%
I inherited this at work. «ask» «ask»

«snippet»

«please»
%%
«ask»

«snippet»

Then «write» a version which «job».
%%
I have this in my «backend» project:

«snippet»

and «context» I get
«error»
«please»
%%
«traceask»

«trace»
%%
«trace»

«traceask»
%%
«hi» «traceask»
«trace»

The relevant part:

«snippet»
%%
«trace»
%%
def «fn»«sig»:
    """«doc»

    Examples: «pyio»; «pyio»
    """
%%
def «fn»«sig»:
    """ «doc»
    >>> «fn»: «pyio»
    >>> «fn»: «pyio»
    """
%%
Complete the function.

def «fn»«sig»:
    # «doc»
    # e.g. «pyio»
    pass
%%
/**
 * «doc»
 * Example: «pyio»
 */
«public static int|export function|fn|func|fun» «fn»(
%%
Implement «fn» in «lang». «doc»
Examples
«pyio»
«pyio»
%%
«problem»

Constraints: «limits»
Write the solution in «lang».
%%
«problem» «limits».

Input: the first line holds the size, then the data.
Output: one line per test case.

Sample: «pyio»
%%
Solve with code: «problem»
Language «lang», «limits». «please»
%%
CREATE TABLE «table»;
CREATE TABLE «table»;

-- «query»
SELECT
%%
### «db» tables
# «table»
# «table»
# «table»
### «nlq»
%%
«hi» I have these tables in «db»:
«table»
«table»

I want «query». «please»
%%
id,«date|day|month»,«city|team|store»,«amount|score|units»
1,2024-0«1..9»-1«0..9»,«Oslo|Lima|Busan|Cork»,«10..900»
2,2024-0«1..9»-2«0..8»,«Oslo|Lima|Busan|Cork»,«10..900»
3,2024-0«1..9»-0«1..9»,«Oslo|Lima|Busan|Cork»,«10..900»

«datalib»: «dfask»
%%
You are an expert «lang» developer. «write» «app».
- «uses «db»|stores data in a JSON file|talks to a «backend» API|runs in the browser»
- «has unit tests with «test»|prints helpful errors|can be configured by a file|logs every action»
- «no global state|one file only|under 200 lines|documented»
%%
Task: «chore».
Environment: «Ubuntu 22.04|Windows Server|macOS|Alpine container», «script».
Constraints: «no root|must be idempotent|only built-in tools|needs to log failures».
%%
# TODO
# 1. a function that «job»
# 2. another that «job»
# 3. main() which reads stdin and prints both
%%
Here's what I tried:
«oneliner»
and
«oneliner»
Both give «error». «please»
%%
Repository: «app» («backend», «db»)
Issue #«10..900»: «error» «context»
Relevant file: «file»

«snippet»

Write a fix and a regression test with «test».
%%
Convert from «lang» to «lang»:

«snippet»
%%
Summarize what this code does for the README:

«snippet»
%%
Which line causes "«error»"?

«snippet»`);
