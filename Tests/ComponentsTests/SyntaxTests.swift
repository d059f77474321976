// SPDX-License-Identifier: Apache-2.0

import Catalog
import Resources
import Spec
import Testing
import Values

@testable import Components

/// Other programs read what we write: python3's parsers, shellcheck, systemd.
@Suite struct SyntaxTests {
  @Test func documentsParse() throws {
    try Tool.withFolder { folder in
      var count = 0
      for minor in Catalog.standard.minors {
        for (host, resources) in try Fixture(minor).everything() {
          for file in resources.files {
            guard let kind = file.path.split(separator: ".").last,
              ["yaml", "conf", "toml", "conflist"].contains(kind)
            else { continue }
            count += 1
            try Tool.write(
              String(decoding: file.bytes, as: UTF8.self),
              to: "\(folder)/\(count).\(kind)"
            )
          }
          for object in ClusterObjects.all(Fixture(minor).cluster) where host == "alpha" {
            count += 1
            try Tool.write(object.json, to: "\(folder)/\(count).conflist")
          }
        }
      }
      try Tool.write(Self.reader, to: "\(folder)/read.py")
      let result = try Tool.shell("python3 \(folder)/read.py \(folder)")
      #expect(result.output == "\(count) read\n")
      #expect(result.code == 0)
    }
  }

  private static let reader = """
    import json, os, sys, tomllib
    try:
        import yaml
    except ImportError:
        # What we write of YAML is also read line by line in other tests.
        yaml = None
    folder, count = sys.argv[1], 0
    for name in sorted(os.listdir(folder)):
        text = open(os.path.join(folder, name)).read()
        kind = name.rsplit(".", 1)[1]
        if kind in ("yaml", "conf"):
            assert yaml is None or yaml.safe_load(text)["apiVersion"], name
        elif kind == "toml":
            assert tomllib.loads(text)["version"] == 2, name
        elif kind == "conflist":
            json.loads(text)
        else:
            continue
        count += 1
    print(count, "read")
    """

  @Test func networkScriptsAreClean() throws {
    var alone = Fixture()
    alone.cluster.hosts = [Fixture.host("alpha", 11, [.etcd, .controlPlane, .worker])]
    var foreign = Fixture()
    foreign.cluster.network.cni = .none
    for (fixture, hosts) in [
      (Fixture(), ["alpha", "beta", "gamma"]), (alone, ["alpha"]), (foreign, ["gamma"]),
    ] {
      for host in hosts {
        let script = try fixture.resources(host).text("/usr/local/libexec/kubewright-network")
        #expect(script.hasPrefix("#!/bin/sh\n"))
        try Tool.withFolder { folder in
          try Tool.write(script, to: "\(folder)/network")
          let result = try Tool.shell(
            "shellcheck -s sh \(folder)/network && dash -n \(folder)/network "
              + "&& busybox sh -n \(folder)/network"
          )
          #expect(result.output.isEmpty && result.code == 0, "\(host): \(result.output)")
        }
      }
    }
  }

  @Test(.enabled(if: (try? Tool.shell("command -v systemd-analyze"))?.code == 0))
  func systemdTakesTheUnits() throws {
    for (host, resources) in try Fixture().everything() {
      try Tool.withFolder { folder in
        var names: [String] = []
        for file in resources.files where file.path.hasSuffix(".service") {
          // The programs are not on this machine; the rest of the line is what matters.
          let text = String(decoding: file.bytes, as: UTF8.self)
            .replacing("=/usr/local/bin/", with: "=/bin/true ")
            .replacing("=/usr/local/libexec/kubewright-network", with: "=/bin/true")
            .replacing("User=etcd", with: "User=root").replacing("Group=etcd", with: "Group=root")
          let name = "\(folder)/\(file.path.split(separator: "/").last ?? "")"
          try Tool.write(text, to: name)
          names.append(name)
        }
        let result = try Tool.shell(
          "systemd-analyze verify --man=no \(names.joined(separator: " "))"
        )
        let said = result.output.split(separator: "\n").filter { $0.contains(folder) }
        #expect(said.isEmpty, "\(host): \(result.output)")
      }
    }
  }

  @Test(arguments: [
    ("plain", "plain"), ("50%", "50%%"), ("a b", "\"a b\""), ("$HOME", "$$HOME"), ("", "\"\""),
    ("say \"x\"", "\"say \\\"x\\\"\""), ("back\\slash", "back\\\\slash"), ("it's", "\"it's\""),
  ])
  func wordsOfUnitsAreEscaped(_ word: String, _ written: String) {
    #expect(UnitFile.escaped(word) == written)
  }

  @Test(arguments: [
    ("plain", "plain"), ("yes", "\"yes\""), ("On", "\"On\""), ("1.20", "\"1.20\""), ("", "\"\""),
    ("a: b", "\"a: b\""), ("/etc/x-y_z.conf", "/etc/x-y_z.conf"), ("- a", "\"- a\""),
    ("line\nbreak", "\"line\\nbreak\""), ("tab\u{1}", "\"tab\\u0001\""), ("é", "\"é\""),
    ("null", "\"null\""), ("*", "\"*\""),
  ])
  func textsOfYAMLAreQuotedWhereNeeded(_ text: String, _ written: String) {
    #expect(Document.text(text).yaml == written + "\n")
  }
}
