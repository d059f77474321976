// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Which substitutions bash 4.2 reads was tried with bash 4.2.45 for each row.
@Suite struct ShellTextTests {
  @Test(arguments: [
    ("x=$(\n  while read -r l; do\n    case $l in\n      *b) echo 1 ;;\n    esac\n  done\n)", 1),
    ("x=$(\n  while read -r l; do\n    case $l in\n      (*b) echo 1 ;;\n    esac\n  done\n)", 0),
    ("x=$(\n  while read -r l; do case $l in b) echo 1 ;; esac; done\n)", 1),
    ("x=$(\n  if true; then\n    case $l in\n      *b) echo 1 ;;\n    esac\n  fi\n)", 1),
    ("x=$(\n  for l in a; do\n    case $l in\n      *b) echo 1 ;;\n    esac\n  done\n)", 1),
    ("x=$(\n  true && case $l in\n    *b) echo 1 ;;\n  esac\n)", 0),
    (
      "x=$(\n  cat | while read -r l; do\n    :\n    case $l in\n      *b) ;;\n    esac\n  done\n)",
      0
    ),
    ("x=$(\n  { case $l in\n    *b) echo 1 ;;\n  esac; }\n)", 1),
    ("x=$(case a in a) echo 2 ;; esac)", 0),
    ("x=$(date)\nwhile read -r l; do\n  case $l in\n    *b) echo 1 ;;\n  esac\ndone", 0),
    ("x=$(\n  date\n)\nfor l in a; do\n  case $l in\n    *b) echo 1 ;;\n  esac\ndone", 0),
    ("while read -r x; do\n  y=$(\n    case $x in\n      *b) ;;\n    esac\n  )\ndone", 0),
  ])
  func oldBash(program: String, complaints: Int) {
    #expect(ShellText.unreadableByOldBash(program).count == complaints)
  }
}
