"""The traits that a command may have: each answers one question that rules and the shell ask of a program."""

from __future__ import annotations

from typing import Literal

Trait = Literal[
    # What a shell is, and what it does itself.
    "shell",  # it reads a script of the kind that podlint parses
    "builtin",  # shells do it themselves, without a program
    "sets-shell",  # it changes a setting of the shell that calls it, and nothing else
    "tests",  # it answers whether what its operands say is so (`[`, `test`)
    "leaves",  # it ends the script, the function or the loop in which it stands
    # What it prints.
    "silent",  # it prints nothing on standard output unless an option asks for it (`-v`)
    "no-slash",  # what it prints is not empty and has no "/" in it
    "states",  # it prints a fact about the machine, the user or the time in a few words
    "passive",  # it prints or lets time pass, succeeds, and changes nothing
    "extracts",  # it prints the text that it reads, or what it picks out of it
    "copies-lines",  # it prints the lines that it reads, each by itself
    "holds-lines",  # it holds back what it prints into a pipe until some 4 KiB have come together
    "passes-text",  # it hands the text that it reads on as it stands, or a part of it
    # How its arguments are read.
    "sub-commands",  # rows of its own tell what it does with the words behind its name (`git clone`)
    "own-language",  # an argument may be text in a language of its own (`$(…)`, `*`, `|` are part of it)
    "own-patterns",  # an argument may be a pattern or a format, in which `*`, `$` or `|` mean something
    "own-operators",  # `|`, `<`, `(` and the like may be arguments of it
    "file-names",  # people give it file names with `*`, which it does not expand itself
    "names-programs",  # names of programs, or whole commands, are ordinary arguments of it
    "telling-name",  # its name is hardly ever a word of another command line, or of a sentence
    "ordinary-word",  # its name is also a sub-command of other programs, or a word of sentences
    # Which other programs it runs.
    "replaces-itself",  # it becomes the command that it is given (`exec`)
    "init",  # it is made to be process 1: it passes signals on and waits for orphans
    "runs-script",  # a shell reads what its command line says, or a file that is named there
    "runs-elsewhere",  # it runs a command in another root, another container, or on another machine
    "schedules",  # it runs what a crontab says
    "changes-user",  # it runs its command as another user
    "starts-nothing",  # it starts no other program that would stay
    # What it does with files.
    "refuses-existing",  # it fails where what it is to make is there already, unless an option says otherwise
    "inspects",  # it asks whether a file is there, or for its name, size or age, and does not open it
    "watches-files",  # it waits for changes of files
    "compares",  # it tells whether the content of files has changed
    "takes-away",  # people use it to rename, remove, cut or pack a file that another program is writing
    "rotates",  # it rotates logs
    "makes-pipes",  # it makes named pipes
    "downloads",  # it fetches what lies at an address, into a file or to standard output
    "system-packages",  # `install` or `add` puts packages into the system, unless an option says where
    "masks-modes",  # files and directories that it makes have no right that the umask takes away
    "installs",  # it installs or builds software, and comes to an end
    # What it does with processes and on the network.
    "finds-processes",  # it succeeds where a process has what it is given in its name or command line
    "lists-processes",  # it prints the processes that run
    "tells-processes",  # it tells which processes or jobs there are
    "waits-for-jobs",  # it waits until jobs in the background have ended
    "joins-job",  # it brings a job from the background to the front, and waits for it
    "signals",  # it sends a signal to another process, as its arguments say
    "requests",  # it may send a request to an address on its command line
    "waits-for-port",  # it waits until an address answers
    "keeps-user",  # the process that is signalled goes on as the user that started it, root too
    "instant",  # it does its work on values and local files at once, and waits for nothing
    "keeps-running",  # a script may stay there: it sleeps, waits, follows or serves
    "ignores-term",  # it has no handler for SIGTERM, so that as process 1 it does not end by it
    "handles-term",  # it ends by SIGTERM as process 1 too
]
"""Exactly one meaning each. A command of which nothing is known but traits is still an unknown program."""
