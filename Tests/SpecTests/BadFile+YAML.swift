// SPDX-License-Identifier: Apache-2.0

extension BadFile {
  /// What is no YAML, or too much of it.
  static let yaml: [Self] = [
    Self(
      "empty file",
      text: "",
      expected: [
        "c.yaml:1:1: error: the file is empty: 'kubewright init' prints one to begin with"
      ]
    ),
    Self(
      "only comments",
      text: "# nothing\n\n---\n# here\n",
      expected: [
        "c.yaml:1:1: error: the file is empty: 'kubewright init' prints one to begin with"
      ]
    ),
    Self(
      "text",
      text: "just text\n",
      expected: [
        "c.yaml:1:1: error: must be a mapping of keys to values, not text"
      ]
    ),
    Self(
      "list",
      text: "- a\n- b\n",
      expected: [
        "c.yaml:1:1: error: must be a mapping of keys to values, not a list"
      ]
    ),
    Self(
      "two documents",
      text: "a: 1\n---\nb: 2\n",
      expected: [
        "c.yaml:2:1: error: a second document begins here: a file holds one cluster"
      ]
    ),
    Self(
      "tab in the indentation",
      edits: [
        ("  name: demo", "\tname: demo")
      ],
      expected: [
        "c.yaml:4:1: error: a tab stands in the indentation: YAML takes spaces only"
      ]
    ),
    Self(
      "bad indentation",
      edits: [
        ("  kubernetes:\n    version", "  kubernetes:\n   version: v1\n    version")
      ],
      expected: [
        "c.yaml:8:12: error: is not YAML: mapping values are not allowed in this context (a value with ': ' in it needs quotes; or the indentation is off)"
      ]
    ),
    Self(
      "colon in a plain value",
      edits: [
        ("name: demo", "name: demo: x")
      ],
      expected: [
        "c.yaml:4:13: error: is not YAML: mapping values are not allowed in this context (a value with ': ' in it needs quotes; or the indentation is off)"
      ]
    ),
    Self(
      "unclosed bracket",
      edits: [
        ("roles: [worker]", "roles: [worker")
      ],
      expected: [
        "c.yaml:28:1: error: is not YAML: did not find expected ',' or ']', while parsing a flow sequence that begins at line 27"
      ]
    ),
    Self(
      "unclosed quote",
      edits: [
        ("name: demo", "name: \"demo")
      ],
      expected: [
        "c.yaml:4:9: error: is not YAML: found unexpected end of stream, while scanning a quoted scalar that begins here"
      ]
    ),
    Self(
      "value that begins with a reserved character",
      edits: [
        ("name: demo", "name: @demo")
      ],
      expected: [
        "c.yaml:4:9: error: a value cannot begin with '@': put it in quotes"
      ]
    ),
    Self(
      "value that begins with a percent sign",
      edits: [
        ("name: demo", "name: %demo")
      ],
      expected: [
        "c.yaml:4:9: error: a value cannot begin with '%': put it in quotes"
      ]
    ),
    Self(
      "undefined alias",
      edits: [
        ("name: demo", "name: *demo")
      ],
      expected: [
        "c.yaml:4:9: error: no anchor is called 'demo' (a value that begins with '*' needs quotes)"
      ]
    ),
    Self(
      "alias within an anchor",
      edits: [
        ("metadata:\n  name: demo", "metadata: &a\n  name: &b demo\n  other: *b")
      ],
      expected: [
        "c.yaml:3:11: error: an anchor may not hold aliases itself"
      ]
    ),
    Self(
      "merge key",
      edits: [
        ("metadata:\n  name: demo", "metadata: &m\n  name: demo\nother:\n  <<: *m")
      ],
      expected: [
        "c.yaml:6:3: error: merge keys are not read: write the keys out"
      ]
    ),
    Self(
      "tag",
      edits: [
        ("name: demo", "name: !secret demo")
      ],
      expected: [
        "c.yaml:4:9: error: tags are not read: remove '!secret'"
      ]
    ),
    Self(
      "key that is a list",
      edits: [
        ("name: demo", "[a, b]: demo")
      ],
      expected: [
        "c.yaml:4:3: error: a key must be plain text"
      ]
    ),
    Self(
      "key that is an alias",
      edits: [
        ("name: demo", "&n name: demo\n  *n : demo")
      ],
      expected: [
        "c.yaml:5:3: error: a key must be plain text"
      ]
    ),
    Self(
      "not UTF-8",
      text: "apiVersion: \u{FFFD}x\n",
      expected: [
        "c.yaml:1:13: error: a byte here is not UTF-8"
      ]
    ),
    Self(
      "control character",
      text: "apiVersion: a\n  b\u{7}: c\n",
      expected: [
        "c.yaml:2:4: error: the character U+7 cannot stand in a spec"
      ]
    ),
    Self(
      "NUL",
      text: "apiVersion: a\u{0}\n",
      expected: [
        "c.yaml:1:14: error: the character U+0 cannot stand in a spec"
      ]
    ),
    Self(
      "reserved character",
      text: "apiVersion: \u{E000}\n",
      expected: [
        "c.yaml:1:13: error: the character U+E000 cannot stand in a spec"
      ]
    ),
    Self(
      "deep brackets",
      text: "a: " + String(repeating: "[", count: 200),
      expected: [
        "c.yaml:1:68: error: is nested too deeply"
      ]
    ),
    Self(
      "deep dashes",
      text: String(repeating: "- ", count: 200),
      expected: [
        "c.yaml:1:129: error: is nested too deeply"
      ]
    ),
  ]
}
